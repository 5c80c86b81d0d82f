import { join } from 'node:path';
import type { ObjectStore } from '../../shared/object-store/object-store.ts';
import { openResult } from '../media/result-file.ts';

interface Place {
  store: Pick<ObjectStore, 'put'>;
  /** Where the files of the job are. */
  folder: string;
  /** Before the name of each object: folder and fence, so that two owners of one job never write the same object. */
  prefix: string;
  signal: AbortSignal;
}

/** What the launcher lets ffmpeg write into one file. */
const maxFileBytes = 4 * 1024 ** 3;

/** Names never come again with another content. */
const cacheControl = 'public, max-age=31536000, immutable';

const contentTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  m4a: 'audio/mp4',
  jpg: 'image/jpeg',
  vtt: 'text/vtt; charset=utf-8',
  m3u8: 'application/vnd.apple.mpegurl',
};

/** Puts what was made where everybody can fetch it. */
export function createOutputs({ store, folder, prefix, signal }: Place) {
  const put = async (name: string, body: Parameters<ObjectStore['put']>[1]) => {
    signal.throwIfAborted();
    const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    await store.put({ bucket: 'media', cacheControl, path: `${prefix}${name}`, contentType }, body);
  };
  return {
    /** The file of that name in the folder of the job. */
    fileOf: (name: string): string => join(folder, name),
    /** The whole name of an object. */
    pathOf: (name: string): string => `${prefix}${name}`,
    /** An object's name as others beside it call it. */
    nameOf: (name: string): string => `${prefix}${name}`.slice(prefix.lastIndexOf('/') + 1),
    putFile: async (name: string): Promise<void> => {
      const result = await openResult(join(folder, name), { maxBytes: maxFileBytes });
      await put(name, result.createReadStream());
    },
    putText: (name: string, text: string): Promise<void> => put(name, Buffer.from(text)),
  };
}

export type Outputs = ReturnType<typeof createOutputs>;
