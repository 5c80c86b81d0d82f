import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;
const probe = async (file: string, ...args: string[]): Promise<string> =>
  (await run('ffprobe', ['-loglevel', 'error', ...args, '-of', 'csv=p=0', file], { maxBuffer })).stdout;

/** The pictures of a file in the order in which they are shown, times in seconds. */
export interface Shown {
  atSeconds: number;
  isKeyframe: boolean;
}

export async function shownFrames(file: string): Promise<Shown[]> {
  const lines = await probe(file, '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags');
  const frames = lines.split('\n').flatMap((line) => {
    const [time = '', flags = ''] = line.split(',');
    const atSeconds = Number.parseFloat(time);
    return Number.isNaN(atSeconds) || flags.includes('D') ? [] : [{ atSeconds, isKeyframe: flags.startsWith('K') }];
  });
  return frames.toSorted((a, b) => a.atSeconds - b.atSeconds);
}

/** How long pictures are shown: the last one as long as the one before it. */
export function shownSeconds(frames: readonly Shown[]): number {
  const [first, beforeLast, last] = [frames[0], frames.at(-2), frames.at(-1)];
  if (!first || !beforeLast || !last) throw new Error('a clip needs more than one picture');
  return 2 * last.atSeconds - beforeLast.atSeconds - first.atSeconds;
}

/** Times at which the flash in the middle of a clip begins. */
export async function flashes(file: string): Promise<number[]> {
  const filter = 'crop=iw/16:ih/16,format=gray,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const args = ['-nostdin', '-loglevel', 'error', '-copyts', '-i', file, '-map', '0:v:0', '-vf', filter];
  const { stdout } = await run('ffmpeg', [...args, '-f', 'null', '-'], { maxBuffer });
  const times: number[] = [];
  let wasBright = false;
  for (const [, time, level] of stdout.matchAll(/pts_time:([\d.-]+)\s+lavfi\.signalstats\.YAVG=([\d.]+)/g)) {
    const isBright = Number(level) > 110;
    if (isBright && !wasBright) times.push(Number(time));
    wasBright = isBright;
  }
  return times;
}

const samplesPerSecond = 48_000;
/** A beep is above this share of the loudest sample. */
const loud = 0.4;
/** Its wave is below that for a part of each swing: it has ended once that has lasted for longer. */
const pauseSamples = 0.05 * samplesPerSecond;

/** Times at which the beeps of a clip begin. */
export async function beeps(file: string): Promise<number[]> {
  const filter = `aresample=${samplesPerSecond}:async=1:min_hard_comp=0.01:first_pts=0`;
  const args = ['-nostdin', '-loglevel', 'error', '-copyts', '-i', file, '-map', '0:a:0', '-af', filter];
  const { stdout } = await run('ffmpeg', [...args, '-ac', '1', '-f', 's16le', '-'], { maxBuffer, encoding: 'buffer' });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
  const threshold = loud * samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const times: number[] = [];
  let lastLoud = Number.NEGATIVE_INFINITY;
  for (const [index, sample] of samples.entries()) {
    if (Math.abs(sample) < threshold) continue;
    if (index - lastLoud > pauseSamples) times.push(index / samplesPerSecond);
    lastLoud = index;
  }
  return times;
}

/** By how much sound comes after its picture, at the median of all beeps that have a flash, in seconds. */
export function soundDelay(flashTimes: readonly number[], beepTimes: readonly number[]): number {
  const delays = flashTimes.flatMap((flash) => {
    const delay = beepTimes.map((beep) => beep - flash).find((each) => Math.abs(each) < 0.4);
    return delay === undefined ? [] : [delay];
  });
  const median = delays.toSorted((a, b) => a - b)[delays.length >> 1];
  if (median === undefined) throw new Error('no beep comes with a flash');
  return median;
}

interface Compared {
  made: string;
  source: string;
  width: number;
  height: number;
  /** Of what was made, as a filter takes it. */
  frameRate: string;
}

/** Sound as well, though nobody looks at it: ffmpeg counts time from the first track that it reads. */
const readAll = ['-map', '[all]', '-map', '1:a?', '-c:a', 'copy'];

/** How alike a rendition is to its source at the same size and rate: SSIM of all planes, 1 where they are equal. */
export async function likeness({ made, source, width, height, frameRate }: Compared): Promise<number> {
  const same = `fps=${frameRate}:start_time=0,scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p,settb=AVTB`;
  const graph = `[0:v:0]${same}[made];[1:v:0]${same}[source];[made][source]ssim=shortest=1[all]`;
  const args = [
    '-nostdin',
    '-hide_banner',
    '-i',
    made,
    '-i',
    source,
    '-filter_complex',
    graph,
    ...readAll,
    '-f',
    'null',
  ];
  const { stderr } = await run('ffmpeg', [...args, '-'], { maxBuffer });
  const [, all] = /SSIM .*All:([\d.]+)/.exec(stderr) ?? [];
  if (all === undefined) throw new Error(`ffmpeg compared nothing: ${stderr.slice(-300)}`);
  return Number(all);
}
