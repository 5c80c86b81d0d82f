import { createWriteStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../../shared/object-store/object-store.ts';
import { originalIsGone, Refusal } from './refusal.ts';

interface Download {
  store: Pick<ObjectStore, 'get'>;
  path: string;
  file: string;
  signal: AbortSignal;
}

/** The least that is needed beside the original: what is made of it is known when it has been looked at, and bounded by the pod. */
const spareBytes = 64 * 1024 ** 2;

/** So much is written together: written as it arrives, 64 KiB at a time, a large original takes twice the processor time. */
const writtenTogetherBytes = 1024 ** 2;

/** Fetches an original. Fails for a file that arrives shorter than it is, and where the disk cannot hold the work. */
export async function downloadOriginal({ store, path, file, signal }: Download): Promise<void> {
  const object = await store.get({ bucket: 'originals', path });
  if (!object) throw new Refusal(originalIsGone);
  try {
    await needRoom(dirname(file), object.bytes + spareBytes);
  } catch (error) {
    object.body.destroy();
    throw error;
  }
  const sink = createWriteStream(file, { highWaterMark: writtenTogetherBytes });
  await pipeline(object.body, sink, { signal });
  if (sink.bytesWritten !== object.bytes) {
    throw new Error(`the original arrived with ${sink.bytesWritten} of its ${object.bytes} bytes`);
  }
}

async function needRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new Error(`the work needs ${bytes} bytes and the disk has ${bavail * bsize}: give the transcoder more room`);
}
