import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import { encodeCommand } from '../media/arguments.ts';
import type { MediaFacts } from '../media/facts.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import type { Plan } from '../media/plan.ts';
import { decide, type Limits, tooLong } from '../media/policy.ts';
import { runFfmpeg } from '../media/run-ffmpeg.ts';
import type { Transcoded } from '../repositories/transcoded.ts';
import type { Job } from '../repositories/uploads.ts';
import { makeCover } from './cover.ts';
import { downloadOriginal } from './download.ts';
import { probe } from './probe.ts';
import { damaged, Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

interface Deps {
  store: ObjectStore;
  names: Pick<ObjectNames, 'mediaFolder'>;
  workspace: Workspace;
  limits: Limits;
}

/** More threads than this make a picture of 720p hardly faster. */
const maxThreads = 4;

/** Names never come again with another content. */
const cacheControl = 'public, max-age=31536000, immutable';

/** The steps from an original to what people watch. The signal stops the work at any of them. */
export function createTranscode({ store, names, workspace, limits }: Deps) {
  const machine = { maxPixels: limits.maxPixels, threads: Math.min(maxThreads, availableParallelism()) };

  const encode = async (plan: Plan, files: { input: string; output: string }, signal: AbortSignal) => {
    try {
      await runFfmpeg(encodeCommand(plan, files, machine), { signal, wallClockMs: plan.wallClockMs });
    } catch (error) {
      if (error instanceof MediaToolError && error.isVerdict) throw new Refusal(damaged, { cause: error });
      throw error;
    }
    return resultOf(await probe(files.output, { maxPixels: limits.maxPixels, signal }));
  };

  /** What came out is asked, not what the original said: that may have been wrong. */
  const resultOf = ({ video, durationSeconds }: MediaFacts) => {
    if (!video || durationSeconds === undefined) throw new Refusal(damaged);
    if (durationSeconds > limits.maxDurationSeconds) throw new Refusal(tooLong(limits.maxDurationSeconds));
    return { width: video.width, height: video.height, durationSeconds };
  };

  return (job: Job, signal: AbortSignal): Promise<Transcoded> =>
    workspace.lend(async (folder) => {
      const [original, video, cover] = ['original', 'video.mp4', 'cover.jpg'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await downloadOriginal({ store, path: job.originalPath, file: original, signal });
      const decision = decide(await probe(original, { maxPixels: limits.maxPixels, signal }), limits);
      if ('refusal' in decision) throw new Refusal(decision.refusal);
      const { width, height, durationSeconds } = await encode(
        decision.plan,
        { input: original, output: video },
        signal,
      );
      await makeCover({ video, cover, durationSeconds, machine, signal });

      const path = (name: string) => `${names.mediaFolder(job)}${job.fence}-${name}`;
      const [playPath, coverPath] = [path('720p.mp4'), path('cover.jpg')];
      const media = { bucket: 'media', cacheControl } as const;
      await store.put({ ...media, path: playPath, contentType: 'video/mp4' }, createReadStream(video));
      await store.put({ ...media, path: coverPath, contentType: 'image/jpeg' }, createReadStream(cover));
      signal.throwIfAborted();
      return { playPath, coverPath, width, height, durationMs: Math.round(durationSeconds * 1000) };
    });
}

export type Transcode = ReturnType<typeof createTranscode>;
