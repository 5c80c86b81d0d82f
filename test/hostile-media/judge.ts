import { readFileSync } from 'node:fs';
import { createObjectStore, objectNames } from '../../services/shared/object-store/object-store.ts';
import { Refusal } from '../../services/transcoder/job/refusal.ts';
import { createTranscode } from '../../services/transcoder/job/transcode.ts';
import { createWorkspace } from '../../services/transcoder/job/workspace.ts';
import type { Limits } from '../../services/transcoder/media/policy.ts';
import type { ObjectStoreSettings } from '../backends/index.ts';
import type { FfmpegProcess } from '../platform/ffmpeg-process.ts';

export interface Verdict {
  /** `encoded`, the code of a refusal, or `failed` for anything else. */
  verdict: string;
  sentence: string;
  ms: number;
  /** Names of the objects that were made. */
  made: string[];
}

interface Bench {
  settings: ObjectStoreSettings;
  ffmpeg: FfmpegProcess;
  limits: Limits;
}

const encoding = { preset: 'veryfast', quality: 23 };

/** Handles uploads as a transcoder does, one at a time. */
export async function createJudge({ settings, ffmpeg, limits }: Bench) {
  const store = createObjectStore(settings);
  const workspace = await createWorkspace(ffmpeg.settings.FFMPEG_FOLDER);
  const names = objectNames(settings.OBJECT_STORE_PREFIX);
  const transcode = createTranscode({ store, names, workspace, tools: ffmpeg.tools, limits, encoding });

  const handle = async (videoId: number, file: string): Promise<Verdict> => {
    const originalPath = `${settings.OBJECT_STORE_PREFIX}/${videoId}/original`;
    await store.put({ bucket: 'originals', path: originalPath, contentType: 'video/mp4' }, readFileSync(file));
    const startedMs = performance.now();
    const tell = (verdict: string, sentence: string, made: string[] = []): Verdict => ({
      ...{ verdict, sentence, made },
      ms: Math.round(performance.now() - startedMs),
    });
    try {
      const job = { videoId, authorId: 1, originalPath, fence: 1, attempts: 1 };
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
  return { handle, close: () => store.close() };
}
