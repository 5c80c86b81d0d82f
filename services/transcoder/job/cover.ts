import { readFile, rename, stat } from 'node:fs/promises';
import { isPresentable, lookOf, positions, scoreOf } from '../media/cover-choice.ts';
import { runFfmpeg } from '../media/run-ffmpeg.ts';
import { coverCommand, thumbSide } from '../media/still-commands.ts';
import { damaged, Refusal } from './refusal.ts';

interface CoverWork {
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
export async function makeCover({ video, cover, small, durationSeconds, machine, signal }: CoverWork): Promise<void> {
  const [thumb, ...candidates] = [`${cover}.gray`, `${cover}.candidate.jpg`, `${small}.candidate.jpg`] as const;
  let best = Number.NEGATIVE_INFINITY;
  for (const position of positions) {
    const files = { input: video, cover: candidates[0], small: candidates[1], thumb };
    await runFfmpeg(coverCommand(files, position * durationSeconds, machine), { signal, wallClockMs });
    if (!(await isWhole(thumb))) continue; // there is no frame after this position
    const look = lookOf(await readFile(thumb));
    if (scoreOf(look) <= best) continue;
    best = scoreOf(look);
    await rename(candidates[0], cover);
    await rename(candidates[1], small);
    if (isPresentable(look)) return;
  }
  if (best === Number.NEGATIVE_INFINITY) throw new Refusal(damaged);
}

const isWhole = async (thumb: string): Promise<boolean> =>
  (await stat(thumb).catch(() => undefined))?.size === thumbSide ** 2;
