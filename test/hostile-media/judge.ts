import { readFileSync } from 'node:fs';
import { createObjectStore, objectNames } from '../../services/shared/object-store/object-store.ts';
import { Refusal } from '../../services/transcoder/job/refusal.ts';
import { createTranscode } from '../../services/transcoder/job/transcode.ts';
import { createWorkspace } from '../../services/transcoder/job/workspace.ts';
import type { Limits } from '../../services/transcoder/media/policy.ts';
import type { ObjectStoreSettings } from '../backends/index.ts';

export interface Case {
  id: number;
  file: string;
}

export interface Verdict {
  id: number;
  /** `encoded`, the code of a refusal, or `failed` for anything else. */
  verdict: string;
  sentence: string;
  ms: number;
  /** Names of the objects that were made. */
  made: string[];
}

export interface Bench {
  settings: ObjectStoreSettings;
  workFolder: string;
  limits: Limits;
}

/** Handles uploads as the transcoder does, one at a time, in a process that can be watched whole. */
async function judge({ settings, workFolder, limits }: Bench) {
  const store = createObjectStore(settings);
  const workspace = await createWorkspace(workFolder);
  const names = objectNames(settings.OBJECT_STORE_PREFIX);
  const transcode = createTranscode({ store, names, workspace, limits, encoding: { preset: 'veryfast', quality: 23 } });
  return async ({ id, file }: Case): Promise<Verdict> => {
    const originalPath = `${settings.OBJECT_STORE_PREFIX}/${id}/original`;
    await store.put({ bucket: 'originals', path: originalPath, contentType: 'video/mp4' }, readFileSync(file));
    const startedMs = performance.now();
    const tell = (verdict: string, sentence: string, made: string[] = []): Verdict => ({
      ...{ id, verdict, sentence, made },
      ms: Math.round(performance.now() - startedMs),
    });
    try {
      const job = { videoId: id, authorId: 1, originalPath, fence: 1, attempts: 1 };
      const course = { signal: new AbortController().signal, onProgress: () => undefined };
      await transcode(job, { ...course, onPlayable: async () => undefined });
      const made: string[] = [];
      for await (const { path } of store.list('media', names.mediaFolder(job))) made.push(path);
      return tell('encoded', '', made);
    } catch (error) {
      if (error instanceof Refusal) return tell(error.code, error.message);
      return tell(
        'failed',
        error instanceof Error ? `${error.message} ${'log' in error ? error.log : ''}` : String(error),
      );
    }
  };
}

const hear = () => new Promise<unknown>((resolve) => process.once('message', resolve));

if (process.send) {
  process.once('disconnect', () => process.exit(0));
  const handle = await judge((await hear()) as Bench);
  for (;;) {
    const asked = hear();
    process.send('ready');
    process.send(await handle((await asked) as Case));
  }
}
