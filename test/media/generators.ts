import type { Clip } from './clip.ts';

interface Size {
  width: number;
  height: number;
}

interface Picture {
  input(wanted: Size & { framesPerSecond: number | string; seconds: number }): string[];
  filter(size: Size): string;
  isNatural: boolean;
}

interface Tone {
  input(seconds: number): string[];
}

/** What a clip may differ in. */
export interface Wanted extends Pick<Clip, 'shown' | 'seconds' | 'extension' | 'remux' | 'isBrief'> {
  framesPerSecond: number | string;
  picture: Picture;
  tone: Tone | undefined;
  /** Size of the encoded picture, where it is shown at another one. */
  stored: Size;
  filters: readonly string[];
  video: readonly string[];
  audio: readonly string[];
  /** False where a plain scaling of the source is no picture of what has to come out. */
  isComparable: boolean;
}

/** Near enough to lossless that what is compared is our encoding, not this one. */
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p'];

const generator = (text: string): string[] => ['-f', 'lavfi', '-i', text];

/** A field in the middle, wherever the video is turned to, is bright for the first fifth of each second: the sound beeps. */
const field = 'drawbox=x=iw*7/16:y=ih*7/16:w=iw/8:h=ih/8:t=fill';
const flash = `${field}:color=black,${field}:color=white:enable='lt(mod(t+0.0001,1),0.2)'`;

/** A camera that moves over a surface with fine texture while it comes nearer to a coast of many edges. */
export const natural: Picture = {
  input: ({ width, height, framesPerSecond, seconds }) =>
    generator(
      `mandelbrot=size=${half(width)}x${half(height)}:rate=${framesPerSecond}:maxiter=200:start_scale=1.2:end_scale=0.4:end_pts=300,trim=duration=${seconds}`,
    ),
  filter: ({ width, height }) =>
    [
      `scale=${width + 64}:${height + 64}:flags=bilinear,setsar=1,format=yuv420p`,
      'noise=c0_strength=12:c0_seed=3,gblur=sigma=1.5:planes=1',
      `crop=w=${width}:h=${height}:x='32+30*sin(t)':y='32+30*cos(t/2)'`,
      flash,
      'format=yuv420p',
    ].join(','),
  isNatural: true,
};

export const testCard: Picture = {
  input: ({ width, height, framesPerSecond, seconds }) =>
    generator(`testsrc2=size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`),
  filter: () => `${flash},format=yuv420p`,
  isNatural: false,
};

/** Nothing of one frame is in the next: the most that an encoder can be asked for. */
export const noise: Picture = {
  input: ({ width, height, framesPerSecond, seconds }) =>
    generator(`color=gray:size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`),
  filter: () => `noise=alls=80:allf=t:all_seed=5,${flash},format=yuv420p`,
  isNatural: false,
};

/** A low hum that beeps for the first fifth of each second, in so many channels, from `fromSeconds` on. */
export const sound = (channels: 1 | 2 | 6, fromSeconds = 0): Tone => {
  const wave = 'if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0.02*sin(2*PI*220*t))'.replaceAll('t,1', `t+${fromSeconds},1`);
  const layout = { 1: 'mono', 2: 'stereo', 6: '5.1' }[channels];
  return {
    input: (seconds) => [
      ...(fromSeconds > 0 ? ['-itsoffset', String(fromSeconds)] : []),
      ...generator(
        `aevalsrc=exprs='${Array(channels).fill(wave).join('|')}':channel_layout=${layout}:sample_rate=48000:duration=${seconds - fromSeconds}`,
      ),
    ],
  };
};

const half = (pixels: number): number => 2 * Math.ceil(pixels / 4);
