import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import type { Encoding } from '../media/encode-commands.ts';
import type { Plan } from '../media/plan.ts';
import { decide, type Limits } from '../media/policy.ts';
import { createShares } from '../media/shares.ts';
import type { MediaTools } from '../media/tools.ts';
import type { Transcoded } from '../repositories/transcoded.ts';
import type { Job } from '../repositories/uploads.ts';
import { makeAdaptiveSet, smallCoverName } from './adaptive-set.ts';
import { downloadOriginal } from './download.ts';
import { createEncoder, type Encoder } from './encoder.ts';
import { createOutputs } from './outputs.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

interface Deps {
  store: ObjectStore;
  names: Pick<ObjectNames, 'mediaFolder'>;
  workspace: Workspace;
  tools: MediaTools;
  limits: Limits;
  encoding: Encoding;
}

/** What the owner of a job is told while it runs. */
export interface Course {
  /** Stops the work, at any step. */
  signal: AbortSignal;
  /** From 0 to 100. */
  onProgress: (percent: number) => void;
  /** The first size and the cover can be fetched: people can watch. The rest of the work waits for it. */
  onPlayable: (made: Transcoded) => Promise<void>;
}

const coverName = 'cover.jpg';

/**
 * The steps from an original to what people watch: first one size that everybody can play, which is published at once,
 * then the others. Two runs of ffmpeg, each with one decoding: in a single one the first size would be ready with the
 * last.
 */
export function createTranscode({ store, names, workspace, tools, limits, encoding }: Deps) {
  return (job: Job, { signal, onProgress, onPlayable }: Course): Promise<Transcoded> =>
    workspace.lend(async (folder) => {
      const outputs = createOutputs({ store, folder, prefix: `${names.mediaFolder(job)}${job.fence}-`, signal });
      const encoder = createEncoder({ tools, limits, encoding, signal });
      const original = outputs.fileOf('original');
      await downloadOriginal({ store, path: job.originalPath, file: original, signal });
      const plan = await planOf(encoder, original, limits);
      const shares = createShares(plan, onProgress);

      const firstName = `${plan.renditions.first.name}.mp4`;
      const gain = await encoder.gain(plan, original, 'loudness.txt');
      const firstFiles = { input: original, output: outputs.fileOf(firstName) };
      await encoder.first(plan, firstFiles, { gain, onProgress: shares.first });
      const picture = await encoder.inspect(firstFiles.output);
      const coverFiles = { cover: outputs.fileOf(coverName), small: outputs.fileOf(smallCoverName) };
      await encoder.cover({ video: firstFiles.output, ...coverFiles }, picture.durationSeconds);
      for (const name of [firstName, coverName, smallCoverName]) await outputs.putFile(name);
      signal.throwIfAborted();
      const playable: Transcoded = {
        ...{ playPath: outputs.pathOf(firstName), coverPath: outputs.pathOf(coverName), hlsPath: '' },
        ...{ width: picture.width, height: picture.height },
        durationMs: Math.round(picture.durationSeconds * 1000),
      };
      await onPlayable(playable);

      const first = { name: firstName, picture };
      const hlsPath = await makeAdaptiveSet({ plan, encoder, outputs, original, first, onProgress: shares.others });
      signal.throwIfAborted();
      return { ...playable, hlsPath };
    });
}

export type Transcode = ReturnType<typeof createTranscode>;

async function planOf(encoder: Encoder, original: string, limits: Limits): Promise<Plan> {
  const decision = decide(await encoder.facts(original), limits);
  if ('refusal' in decision) throw new Refusal(decision.refusal);
  return decision.plan;
}
