import { execFileSync, spawnSync } from 'node:child_process';

const ffmpeg = (...args: string[]) =>
  execFileSync('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args]);

interface Clip {
  seconds: number;
  size?: string;
  framesPerSecond?: number | string;
  sound?: boolean;
  /** Filter of the picture, for example a fade. */
  filter?: string;
  soundFilter?: string;
  /** Options of the encoder and the container. */
  output?: string[];
}

/** Makes a moving picture, with a tone where wanted. */
export function makeClip(file: string, { seconds, size = '320x240', framesPerSecond = 30, ...clip }: Clip): void {
  const {
    sound = true,
    filter = 'null',
    soundFilter = 'anull',
    output = ['-c:v', 'libx264', '-preset', 'ultrafast'],
  } = clip;
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${framesPerSecond}:d=${seconds}`];
  const tone = sound ? ['-f', 'lavfi', '-i', `sine=frequency=440:d=${seconds}`, '-c:a', 'aac'] : [];
  ffmpeg(...picture, ...tone, '-vf', filter, ...(sound ? ['-af', soundFilter] : []), ...output, file);
}

/** Copies a clip into another one without a new encoding. */
export const remux = (from: string, to: string, ...options: string[]): void =>
  void ffmpeg('-i', from, '-c', 'copy', ...options, to);

interface Probed {
  streams: {
    codec_name: string;
    codec_type: string;
    profile: string;
    pix_fmt: string;
    width: number;
    height: number;
    avg_frame_rate: string;
    has_b_frames: number;
    color_transfer?: string;
    channels?: number;
  }[];
  format: { duration: string; tags: { location?: string } };
}

/** What ffprobe says about a file. */
export const inspect = (file: string): Probed =>
  JSON.parse(
    execFileSync('ffprobe', ['-loglevel', 'error', '-of', 'json', '-show_streams', '-show_format', file], {
      encoding: 'utf8',
    }),
  );

/** The mean brightness of a picture, 0 to 255. */
export function brightness(file: string): number {
  const args = ['-nostdin', '-loglevel', 'error', '-i', file, '-vf', 'scale=16:16,format=gray', '-f', 'rawvideo', '-'];
  const pixels = execFileSync('ffmpeg', args);
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

/** The positions of all keyframes, in seconds. */
export const keyframes = (file: string): number[] =>
  execFileSync(
    'ffprobe',
    [
      '-loglevel',
      'error',
      '-select_streams',
      'v',
      '-skip_frame',
      'nokey',
      '-show_entries',
      'frame=pts_time',
      '-of',
      'csv=p=0',
      file,
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter((position) => !Number.isNaN(position));

/** When the first picture or sound of a file is played, in seconds. */
export const startOf = (file: string): number =>
  Number(
    execFileSync('ffprobe', ['-loglevel', 'error', '-show_entries', 'stream=start_time', '-of', 'csv=p=0', file], {
      encoding: 'utf8',
    }),
  );

/** How loud the sound of a file is, in LUFS, and its highest sample, in dBFS. */
export function loudness(file: string): { integrated: number; peak: number } {
  const filter = 'ebur128=peak=sample:framelog=verbose';
  const { stderr } = spawnSync('ffmpeg', ['-nostdin', '-hide_banner', '-i', file, '-af', filter, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  const number = (pattern: RegExp) => Number(pattern.exec(stderr)?.[1]);
  return { integrated: number(/ I:\s+(-?[\d.]+) LUFS/), peak: number(/Peak:\s+(-?[\d.]+) dBFS/) };
}
