import { rename } from 'node:fs/promises';
import { isPresentable, lookOf, positions, scoreOf } from '../media/cover-choice.ts';
import { readResult } from '../media/result-file.ts';
import { coverCommand, thumbSide } from '../media/still-commands.ts';
import type { MediaTools } from '../media/tools.ts';
import { damaged, Refusal } from './refusal.ts';

interface CoverWork {
  tools: Pick<MediaTools, 'runFfmpeg'>;
  video: string;
  cover: string;
  /** The same still, small. */
  small: string;
  durationSeconds: number;
  machine: { maxPixels: number; threads: number };
  signal: AbortSignal;
}

const wallClockMs = 60_000;

/** Makes the cover: the first still along the video that is presentable, else the best of those looked at. */
export async function makeCover({ tools, ...work }: CoverWork): Promise<void> {
  const { video, cover, small, durationSeconds, machine, signal } = work;
  const [thumb, ...candidates] = [`${cover}.gray`, `${cover}.candidate.jpg`, `${small}.candidate.jpg`] as const;
  let best = Number.NEGATIVE_INFINITY;
  for (const position of positions) {
    const files = { input: video, cover: candidates[0], small: candidates[1], thumb };
    await tools.runFfmpeg(coverCommand(files, position * durationSeconds, machine), { signal, wallClockMs });
    const pixels = await readResult(thumb, { maxBytes: thumbSide ** 2 }).catch(ifAbsent);
    if (pixels?.length !== thumbSide ** 2) continue; // there is no frame after this position
    const look = lookOf(pixels);
    if (scoreOf(look) <= best) continue;
    best = scoreOf(look);
    await rename(candidates[0], cover);
    await rename(candidates[1], small);
    if (isPresentable(look)) return;
  }
  if (best === Number.NEGATIVE_INFINITY) throw new Refusal(damaged);
}

const ifAbsent = (error: unknown): undefined => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
};
