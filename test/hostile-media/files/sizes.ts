import { type HostileFile, unreadable } from '../hostile-file.ts';
import { join } from './isobmff.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const color = (size: string, rate: number, seconds: number): string[] => [
  ...['-f', 'lavfi', '-i', `color=s=${size}:r=${rate}:d=${seconds}`],
];
const tone = (options: string): string[] => ['-f', 'lavfi', '-i', `aevalsrc=${options}`];

/** Videos of honest form that are too much of something. */
export const sizes: readonly HostileFile[] = [
  {
    name: 'eight-thousand-pixels-square.mp4',
    ...{ expected: ['too-large'], isBrief: true },
    make: ({ ffmpeg }) => ffmpeg('mp4', ...color('8000x8000', 1, 1), ...x264),
  },
  {
    name: 'eight-thousand-pixels-square.mkv',
    expected: ['too-large', 'unreadable'],
    make: ({ ffmpeg }) => ffmpeg('matroska', ...color('8000x8000', 1, 1), '-c:v', 'mjpeg'),
  },
  {
    name: 'as-large-as-is-accepted.mkv',
    expected: ['encoded'],
    make: ({ ffmpeg }) =>
      ffmpeg(
        'matroska',
        ...['-f', 'lavfi', '-i', 'testsrc2=s=3840x2160:r=60:d=1', ...tone('0|0|0|0|0|0|0|0:d=1')],
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-c:a', 'pcm_s16le'],
        ...['-x265-params', 'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
      ),
  },
  {
    name: 'a-line-of-pixels.mp4',
    expected: ['too-narrow', 'too-small'],
    make: ({ ffmpeg }) => ffmpeg('mp4', ...color('8192x16', 1, 1), ...x264),
  },
  {
    name: 'ten-hours-at-one-frame-a-second.mp4',
    ...{ expected: ['too-long'], isBrief: true },
    make: ({ ffmpeg }) => ffmpeg('mp4', ...color('16x16', 1, 36_000), '-c:v', 'mpeg4'),
  },
  {
    name: 'ten-hours-that-say-nothing.mkv',
    expected: ['too-long'],
    make: ({ ffmpeg }) => ffmpeg('matroska', ...color('16x16', 1, 36_000), '-c:v', 'mpeg4', '-live', '1'),
  },
  {
    name: 'a-hole-of-ten-hours.mkv',
    ...{ expected: ['too-long'], isBrief: true },
    make: ({ ffmpeg }) =>
      ffmpeg(
        'matroska',
        ...color('64x64', 10, 2),
        '-vf',
        'setpts=PTS+gte(N\\,10)*36000/TB',
        ...x264,
        '-vsync',
        'vfr',
        '-live',
        '1',
      ),
  },
  {
    name: 'a-million-frames-a-second.mp4',
    expected: ['frame-rate', 'encoded'],
    make: ({ ffmpeg }) =>
      ffmpeg(
        'mp4',
        ...color('64x64', 30, 1),
        '-vf',
        'settb=1/1000000,setpts=N',
        ...x264,
        '-vsync',
        'passthrough',
        '-enc_time_base',
        '1/1000000',
        '-video_track_timescale',
        '1000000',
      ),
  },
  {
    name: 'before-the-beginning.mkv',
    expected: ['encoded', 'damaged'],
    make: ({ ffmpeg }) =>
      ffmpeg(
        'matroska',
        ...color('64x64', 10, 2),
        ...x264,
        '-output_ts_offset',
        '-1',
        '-avoid_negative_ts',
        'disabled',
      ),
  },
  {
    name: 'before-the-beginning.ts',
    expected: ['encoded', 'damaged'],
    make: ({ ffmpeg }) =>
      ffmpeg('mpegts', ...color('64x64', 10, 2), ...x264, '-muxdelay', '0', '-output_ts_offset', '95443.5'),
  },
  {
    name: 'sound-only.mp4',
    expected: ['no-video'],
    make: ({ ffmpeg }) => ffmpeg('mp4', ...tone('0:d=1'), '-c:a', 'aac'),
  },
  {
    name: 'sixteen-channels.mkv',
    expected: ['too-many-channels'],
    make: ({ ffmpeg }) => {
      const channels = Array.from({ length: 16 }, () => '0').join('|');
      return ffmpeg('matroska', ...color('64x64', 10, 1), ...tone(`${channels}:d=1`), ...x264, '-c:a', 'pcm_s16le');
    },
  },
  {
    name: 'a-cover-of-a-hundred-megapixels.mp4',
    expected: ['encoded', 'too-large', 'unreadable', 'not-a-video'],
    make: ({ ffmpeg }) =>
      ffmpeg(
        'mp4',
        ...color('64x64', 10, 1),
        ...color('10000x10000', 1, 1),
        '-map',
        '0',
        '-map',
        '1',
        ...x264,
        '-c:v:1',
        'png',
        '-frames:v:1',
        '1',
        '-disposition:v:1',
        'attached_pic',
      ),
  },
  {
    name: 'encrypted.mp4',
    ...{ expected: ['damaged', 'not-a-video', 'unreadable', 'encrypted'], isBrief: true },
    make: ({ ffmpeg }) =>
      ffmpeg(
        'mp4',
        ...color('64x64', 10, 1),
        ...x264,
        '-encryption_scheme',
        'cenc-aes-ctr',
        '-encryption_key',
        '1'.repeat(32),
        '-encryption_kid',
        '2'.repeat(32),
      ),
  },
  {
    name: 'a-professional-codec.mov',
    expected: ['codec', 'video-codec'],
    make: ({ ffmpeg }) => ffmpeg('mov', ...color('64x64', 10, 1), '-c:v', 'prores_ks'),
  },
  {
    name: 'picture.jpg',
    expected: unreadable,
    make: ({ ffmpeg }) => ffmpeg('mjpeg', ...color('64x64', 1, 1), '-frames:v', '1'),
  },
  { name: 'picture.gif', expected: unreadable, make: ({ ffmpeg }) => ffmpeg('gif', ...color('64x64', 5, 1)) },
  {
    name: 'a-picture-of-ten-thousand-passes.avi',
    expected: ['encoded', 'damaged', 'unreadable', 'not-a-video'],
    make: ({ ffmpeg }) => {
      const file = ffmpeg('avi', ...color('2048x2048', 1, 1), '-c:v', 'mjpeg');
      const scan = file.indexOf(Buffer.from('ffda', 'hex'));
      const pass = Buffer.from('ffda000c03010002110311003f00', 'hex');
      return scan < 0
        ? file
        : join(file.subarray(0, scan), ...Array.from({ length: 10_000 }, () => pass), file.subarray(scan));
    },
  },
];
