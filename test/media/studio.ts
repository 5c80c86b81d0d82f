import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createObjectStore, objectNames } from '../../services/shared/object-store/object-store.ts';
import { createTranscode } from '../../services/transcoder/job/transcode.ts';
import { createWorkspace } from '../../services/transcoder/job/workspace.ts';
import { parseLadder } from '../../services/transcoder/media/ladder.ts';
import type { MediaTools } from '../../services/transcoder/media/tools.ts';
import type { Transcoded } from '../../services/transcoder/repositories/transcoded.ts';
import { freshBuckets } from '../backends/index.ts';
import { createFfmpegProcess } from '../platform/ffmpeg-process.ts';

/** What the operator sets by default. */
export const standardLadder = parseLadder('360:800,480:1400,720:3000,1080:6000');
const limits = { maxDurationSeconds: 600, maxPixels: 9_000_000, ladder: standardLadder };
const encoding = { preset: 'veryfast', quality: 23 };

interface Options {
  /** Stands before the tools, to look on. */
  watchTools?: (tools: MediaTools) => MediaTools;
}

/** A transcoder with its ffmpeg before a real object store, without the queue. */
export async function openStudio({ watchTools = (tools) => tools }: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-studio-'));
  const settings = await freshBuckets();
  const store = createObjectStore(settings);
  const ffmpeg = createFfmpegProcess();
  await ffmpeg.process.start();
  const workspace = await createWorkspace(ffmpeg.settings.FFMPEG_FOLDER);
  const names = objectNames(settings.OBJECT_STORE_PREFIX);
  const transcode = createTranscode({ store, names, workspace, tools: watchTools(ffmpeg.tools), limits, encoding });
  let videoId = 0;

  return {
    /** For what tests and measurements write. */
    folder,
    /** The process that runs ffmpeg. */
    ffmpegPid: () => ffmpeg.process.pid(),
    /** What anybody fetches from the media bucket begins with this. */
    mediaUrl: `${settings.OBJECT_STORE_ENDPOINT}/${settings.OBJECT_STORE_MEDIA_BUCKET}/`,

    /** Stores a file as an upload, and returns what transcodes it. */
    upload: async (file: string) => {
      videoId += 1;
      const originalPath = `${settings.OBJECT_STORE_PREFIX}/${videoId}/original`;
      const address = { bucket: 'originals', path: originalPath, contentType: 'video/mp4' } as const;
      await store.put(address, createReadStream(file));
      const job = { videoId, authorId: 1, originalPath, fence: 1, attempts: 1 };
      return (onPlayable: (made: Transcoded) => void = () => undefined): Promise<Transcoded> =>
        transcode(job, {
          signal: new AbortController().signal,
          onProgress: () => undefined,
          onPlayable: async (made) => onPlayable(made),
        });
    },

    close: async () => {
      await workspace.close();
      store.close();
      await ffmpeg.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Studio = Awaited<ReturnType<typeof openStudio>>;
