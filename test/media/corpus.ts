import type { Clip } from './clip.ts';
import { h264, natural, noise, sound, testCard, type Wanted } from './generators.ts';

/** A clip out of what is special about it; the rest is a phone's: H.264 and AAC in MP4, upright, 30 frames a second. */
export function clip(name: string, wanted: Partial<Wanted> & Pick<Clip, 'shown'>): Clip {
  const { framesPerSecond = 30, seconds = 4, picture = natural, tone = sound(2), ...rest } = wanted;
  const size = wanted.stored ?? wanted.shown;
  return {
    ...{ name, seconds, shown: wanted.shown, remux: rest.remux ?? [], extension: rest.extension ?? 'mp4' },
    inputs: [...picture.input({ ...size, framesPerSecond, seconds }), ...(tone ? tone.input(seconds) : [])],
    output: [
      ...['-vf', [picture.filter(size), ...(rest.filters ?? [])].join(',')],
      ...(rest.video ?? h264),
      ...(tone ? (rest.audio ?? ['-c:a', 'aac', '-b:a', '128k']) : ['-an']),
    ],
    hasSound: tone !== undefined,
    isNatural: picture.isNatural && (rest.isComparable ?? true),
    isBrief: rest.isBrief ?? false,
  };
}

const upright = (width: number, height: number) => ({ width, height });
const hdr = 'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
const uneven = "select='if(lt(t,1.5),1,not(mod(n,3)))'";

/** What the transcoder has to make playable everywhere: one clip for each way in which videos differ. */
export const corpus: readonly Clip[] = [
  clip('phone-1080p', { shown: upright(1080, 1920) }),
  clip('phone-720p', { shown: upright(720, 1280), seconds: 3, isBrief: true }),
  clip('phone-540p', { shown: upright(540, 960) }),
  clip('phone-4k', { shown: upright(2160, 3840), seconds: 3 }),
  clip('small', { shown: upright(160, 284) }),
  clip('wide-1080p', { shown: upright(1920, 1080) }),
  clip('square', { shown: upright(1080, 1080) }),
  clip('panorama', { shown: upright(2400, 600) }),
  clip('odd-size', {
    ...{ shown: upright(641, 361), extension: 'webm' },
    ...{ video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], audio: ['-c:a', 'libopus'] },
  }),

  clip('turned-90', {
    ...{ shown: upright(720, 1280), stored: upright(1280, 720) },
    ...{ remux: ['-metadata:s:v', 'rotate=90'], isComparable: false },
  }),
  clip('turned-180', { shown: upright(720, 1280), remux: ['-metadata:s:v', 'rotate=180'], isComparable: false }),
  clip('turned-270', {
    ...{ shown: upright(480, 854), stored: upright(854, 480) },
    ...{ remux: ['-metadata:s:v', 'rotate=270'], isComparable: false },
  }),
  clip('wide-pixels', { shown: upright(960, 540), stored: upright(720, 540), filters: ['setsar=4/3'] }),
  clip('narrow-pixels', { shown: upright(480, 720), stored: upright(720, 720), filters: ['setsar=2/3'] }),

  clip('film-23.976', { shown: upright(720, 1280), framesPerSecond: '24000/1001', seconds: 5 }),
  clip('europe-25', { shown: upright(720, 1280), framesPerSecond: 25 }),
  clip('television-29.97', { shown: upright(720, 1280), framesPerSecond: '30000/1001', seconds: 5 }),
  clip('fast-60', { shown: upright(720, 1280), framesPerSecond: 60 }),
  clip('slow-motion-120', { shown: upright(480, 854), framesPerSecond: 120, seconds: 3 }),
  clip('slideshow-10', { shown: upright(480, 854), framesPerSecond: 10 }),
  clip('uneven', {
    ...{ shown: upright(480, 854), extension: 'mkv', filters: [uneven], isBrief: true },
    ...{ video: [...h264, '-vsync', 'vfr'], isComparable: false },
  }),
  clip('half-pictures', {
    ...{ shown: upright(720, 576), framesPerSecond: 50, filters: ['tinterlace=interleave_top', 'setfield=tff'] },
    ...{ video: [...h264, '-flags', '+ilme+ildct', '-top', '1'], isComparable: false },
  }),

  clip('silent', { shown: upright(480, 854), tone: undefined }),
  clip('mono', { shown: upright(480, 854), tone: sound(1) }),
  clip('surround', { shown: upright(480, 854), tone: sound(6) }),
  clip('telephone', { shown: upright(480, 854), tone: sound(1), audio: ['-c:a', 'aac', '-ar', '8000', '-b:a', '24k'] }),
  clip('sound-comes-later', { shown: upright(480, 854), tone: sound(2, 1.2) }),
  clip('mp3', { shown: upright(480, 854), audio: ['-c:a', 'libmp3lame', '-ar', '44100'] }),

  clip('hevc', {
    shown: upright(720, 1280),
    video: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-crf',
      '16',
      '-x265-params',
      'log-level=error',
      '-tag:v',
      'hvc1',
    ],
  }),
  clip('hdr', {
    ...{ shown: upright(720, 1280), isComparable: false },
    video: ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params', hdr],
  }),
  clip('vp9', {
    ...{ shown: upright(720, 1280), extension: 'webm' },
    video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '4M'],
    audio: ['-c:a', 'libopus'],
  }),
  clip('vp8', {
    ...{ shown: upright(480, 854), extension: 'webm' },
    video: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '3M'],
    audio: ['-c:a', 'libvorbis'],
  }),
  clip('av1', {
    ...{ shown: upright(480, 854), seconds: 3 },
    video: ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '24', '-pix_fmt', 'yuv420p'],
  }),
  clip('mjpeg', {
    ...{ shown: upright(640, 480), extension: 'avi' },
    ...{ video: ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'], audio: ['-c:a', 'pcm_s16le'] },
  }),
  clip('mpeg4', { shown: upright(640, 480), extension: 'avi', video: ['-c:v', 'mpeg4', '-q:v', '2'] }),
  clip('flash', { shown: upright(480, 854), extension: 'flv' }),
  clip('broadcast', { shown: upright(720, 1280), extension: 'ts' }),
  clip('matroska', { shown: upright(720, 1280), extension: 'mkv' }),

  clip('one-second', { shown: upright(720, 1280), seconds: 1 }),
  clip('five-minutes', { shown: upright(360, 640), seconds: 300, framesPerSecond: 25, picture: testCard }),
  clip('test-card', { shown: upright(720, 1280), picture: testCard }),
  clip('noise', { shown: upright(720, 1280), picture: noise, seconds: 3 }),
];
