import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface DemoClip {
  title: string;
  seconds: number;
  /** Moving pictures out of ffmpeg's own generators. */
  picture: string;
  /** What the picture goes through. */
  filter?: string;
  /** Sound, made as well. */
  sound: string;
}

const portrait = '720x1280';
const landscape = '1280x720';

/** A note that swells, with another voice beside it. */
const chord = (low: number, high: number, beat: number): string =>
  `aevalsrc=0.25*sin(2*PI*${low}*t)*(0.6+0.4*sin(2*PI*${beat}*t))+0.15*sin(2*PI*${high}*t)*(0.5+0.5*cos(2*PI*${beat / 2}*t))`;

/** What a fresh feed shows: moving pictures with sound, different for each. */
export const demoClips: readonly DemoClip[] = [
  {
    title: 'A dive into the Mandelbrot set',
    seconds: 8,
    // Computed small and softened: a fractal's noise would make a large file of it.
    picture: 'mandelbrot=size=432x768:rate=30:maxiter=400:start_scale=1.4:end_scale=0.0006:end_pts=240:inner=black',
    filter: 'gblur=sigma=0.8,scale=720:1280:flags=bicubic,hue=h=40*t',
    sound: chord(110, 220, 0.5),
  },
  {
    title: 'Conway’s game of life',
    seconds: 8,
    picture:
      'life=size=180x320:rate=24:seed=7:ratio=0.2:mold=12:life_color=#22d3ee:death_color=#ff3b6b:mold_color=#171725',
    filter: 'scale=720:1280:flags=neighbor',
    sound: chord(164.8, 329.6, 2),
  },
  {
    title: 'Rule 110 weaves',
    seconds: 7,
    picture: 'cellauto=size=180x320:rate=24:rule=110:seed=11:scroll=1',
    filter: 'scale=720:1280:flags=neighbor,gblur=sigma=3,format=yuv444p,pseudocolor=preset=magma',
    sound: chord(130.8, 392, 1.5),
  },
  {
    title: 'Slow colours',
    seconds: 9,
    picture: `gradients=size=${portrait}:rate=30:nb_colors=5:seed=3:speed=0.02:c0=#ff3b6b:c1=#22d3ee:c2=#7c3aed:c3=#f59e0b:c4=#0b0b0f`,
    sound: chord(196, 293.7, 0.3),
  },
  {
    title: 'Wide test card',
    seconds: 6,
    picture: `testsrc2=size=${landscape}:rate=30`,
    sound: 'sine=frequency=440:beep_factor=4',
  },
];

/** The clip as an MP4 in the folder; made once. Resolves with its path. */
export async function clipFile(clip: DemoClip, folder: string): Promise<string> {
  const name = clip.title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const file = join(folder, `${name}.mp4`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const staging = join(folder, `.${process.pid}-${name}.mp4`);
  try {
    await ffmpeg(argumentsFor(clip, staging));
    await rename(staging, file);
  } finally {
    await rm(staging, { force: true });
  }
  return file;
}

/** The ffmpeg arguments that make a clip. */
export const argumentsFor = ({ seconds, picture, filter, sound }: DemoClip, file: string): string[] => [
  ...['-v', 'error', '-nostdin', '-y'],
  ...['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
  ...['-t', String(seconds), '-vf', [...(filter ? [filter] : []), 'format=yuv420p'].join(',')],
  ...['-af', `afade=in:d=0.3,afade=out:st=${seconds - 0.5}:d=0.5`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-ar', '48000'],
  ...['-movflags', '+faststart', file],
];

async function ffmpeg(args: string[]): Promise<void> {
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints = child.stderr.setEncoding('utf8').toArray();
  const [status] = (await once(child, 'close').catch((cause: unknown) => {
    throw new Error('ffmpeg cannot be run: apt-get install ffmpeg', { cause });
  })) as [number | null];
  if (status !== 0) throw new Error(`ffmpeg could not make a demo clip: ${(await complaints).join('')}`);
}
