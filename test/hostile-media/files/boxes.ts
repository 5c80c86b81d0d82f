import { type HostileFile, unreadable } from '../hostile-file.ts';
import { box, boxesIn, edit, fullBox, join, patch, tables, u32, uint } from './isobmff.ts';

const most = 0xffffffff;
/** It depends on the release of ffmpeg whether a table that lies is believed as far as it goes. */
const eitherWay = ['encoded', 'not-a-video', 'damaged', 'no-video', 'too-long', 'frame-rate', 'unreadable'] as const;

const sizeOfMoov = (bytes: Buffer, size: Buffer): Buffer => {
  const changed = Buffer.from(bytes);
  size.copy(changed, bytes.indexOf('moov') - 4);
  return changed;
};

const nested = (name: string, depth: number): Buffer => {
  const sizes = Array.from({ length: depth }, (_, index) => join(u32(8 * (depth - index)), name));
  return Buffer.concat(sizes);
};

/** A `dref` that says where the samples of a track are: not in this file. */
const elsewhere = (sound: Buffer, entry: Buffer): Buffer =>
  edit(sound, 'moov/trak/mdia/minf/dinf/dref', () => fullBox('dref', 0, u32(1), entry));

/** An alias record of the Macintosh, with the absolute path that it leads to. */
const alias = (path: string): Buffer => {
  const text = Buffer.from(path);
  const record = join(
    Buffer.alloc(150),
    uint(2, 2),
    uint(2, text.length),
    text,
    uint(2, 18),
    uint(2, 1),
    '/\0',
    [255, 255, 0, 0],
  );
  return fullBox('alis', 0, u32(0), uint(2, record.length + 6), uint(2, 2), record.subarray(6));
};

/** MP4 files whose boxes lie about themselves. */
export const boxes: readonly HostileFile[] = [
  {
    name: 'moov-cut-off.mp4',
    ...{ expected: ['not-a-video', 'no-video'], isBrief: true },
    make: ({ sound }) => sound.subarray(0, sound.indexOf('moov') + 200),
  },
  { name: 'moov-missing.mp4', expected: unreadable, make: ({ sound }) => sound.subarray(0, sound.indexOf('moov') - 4) },
  {
    name: 'moov-of-four-gigabytes.mp4',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ sound }) => sizeOfMoov(sound, u32(most)),
  },
  {
    name: 'moov-of-a-made-up-long-size.mp4',
    expected: eitherWay,
    make: ({ sound }) => sizeOfMoov(sound, u32(1)),
  },
  { name: 'moov-smaller-than-its-head.mp4', expected: eitherWay, make: ({ sound }) => sizeOfMoov(sound, u32(7)) },
  {
    name: 'moov-of-64-megabytes.mp4',
    expected: eitherWay,
    make: ({ sound }) =>
      edit(sound, 'moov', (content) => box('moov', content, box('free', Buffer.alloc(64 * 1024 ** 2)))),
  },
  {
    name: 'boxes-in-boxes.mp4',
    expected: eitherWay,
    make: ({ sound }) => join(box('ftyp', 'isom', u32(0)), nested('moov', 20_000), sound),
  },
  {
    name: 'tracks-in-tracks.mp4',
    expected: eitherWay,
    make: ({ sound }) => edit(sound, 'moov', (content) => box('moov', content, nested('trak', 20_000))),
  },
  {
    name: 'samples-without-number.mp4',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ sound }) => patch(sound, `${tables}/stsz`, 8, most),
  },
  {
    name: 'samples-of-one-size-without-number.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, `${tables}/stsz`, 4, 1, 0x7fffffff),
  },
  {
    name: 'samples-that-last-for-ever.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, `${tables}/stts`, 4, 1, most, 0x7fffffff),
  },
  {
    name: 'samples-beyond-the-end.mp4',
    expected: eitherWay,
    make: ({ sound }) => edit(sound, `${tables}/stco`, () => fullBox('stco', 0, u32(3, 0x7ffffff0, 0x7ffffff8, most))),
  },
  {
    name: 'chunks-without-samples.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, `${tables}/stsc`, 4, most, 0, 0, 0),
  },
  {
    name: 'a-table-of-twenty-million-samples.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, `${tables}/stsz`, 4, 4, 20_000_000),
  },
  {
    name: 'edits-that-go-back.mp4',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ sound }) =>
      edit(sound, 'moov/trak/edts/elst', () =>
        fullBox('elst', 0, u32(4_000), ...Array.from({ length: 4_000 }, () => u32(1_000, 0, 0x00010000))),
      ),
  },
  {
    name: 'edits-that-overflow.mp4',
    expected: eitherWay,
    make: ({ sound }) =>
      edit(sound, 'moov/trak/edts/elst', () => fullBox('elst', 0, u32(2, most, most, 0, most, 1, 0))),
  },
  {
    name: 'a-clock-without-ticks.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, 'moov/trak/mdia/mdhd', 12, 0, 0),
  },
  {
    name: 'a-clock-of-four-gigahertz.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, 'moov/trak/mdia/mdhd', 12, most, most),
  },
  {
    name: 'a-clock-of-one-tick-a-second.mp4',
    expected: eitherWay,
    make: ({ sound }) => patch(sound, 'moov/trak/mdia/mdhd', 12, 1, most),
  },
  {
    name: 'an-unknown-codec.mp4',
    ...{ expected: ['video-codec', 'codec', 'not-a-video', 'unreadable'], isBrief: true },
    make: ({ sound }) => Buffer.from(sound.toString('latin1').replaceAll('avc1', 'XQZ9'), 'latin1'),
  },
  {
    name: 'a-thousand-tracks.mp4',
    ...{ expected: ['too-many-streams'], isBrief: true },
    make: ({ sound }) => {
      const moov = boxesIn(sound).find(({ name }) => name === 'moov')?.content ?? Buffer.alloc(0);
      const track = boxesIn(moov).find(({ name }) => name === 'trak')?.content ?? Buffer.alloc(0);
      const copies = Array.from({ length: 1_000 }, () => box('trak', track));
      return edit(sound, 'moov', (content) => box('moov', content, ...copies));
    },
  },
  {
    name: 'pictures-in-another-file.mov',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ sound, canary }) => elsewhere(sound, alias(canary.stream)),
  },
  {
    name: 'pictures-on-a-server.mov',
    expected: eitherWay,
    make: ({ sound, trap }) => elsewhere(sound, fullBox('url ', 0, `http://${trap}/x.mov\0`)),
  },
  {
    name: 'a-movie-of-references.mov',
    expected: eitherWay,
    make: ({ canary, trap }) => {
      const to = (kind: string, url: string) =>
        box('rmda', fullBox('rdrf', 0, kind, u32(url.length + 1), `${url}\0`), fullBox('rmdr', 0, u32(1)));
      return join(
        box('ftyp', 'qt  ', u32(0)),
        box('moov', box('rmra', to('url ', `http://${trap}/x.mov`), to('url ', `file://${canary.stream}`))),
      );
    },
  },
  {
    name: 'a-title-of-a-hundred-megabytes.mp4',
    expected: eitherWay,
    make: ({ sound }) => {
      const title = box('\xa9nam', box('data', u32(1, 0), Buffer.alloc(100 * 1024 ** 2, 'A')));
      const named = box(
        'udta',
        fullBox('meta', 0, fullBox('hdlr', 0, u32(0), 'mdirappl', u32(0, 0), [0]), box('ilst', title)),
      );
      return edit(sound, 'moov', (content) => box('moov', content, named));
    },
  },
  {
    name: 'fragments-without-number.mp4',
    expected: eitherWay,
    make: ({ sound }) => {
      const run = fullBox('trun', 0x000200, u32(0x7fffffff, 0), u32(1, 1, 1));
      const fragment = box('moof', fullBox('mfhd', 0, u32(1)), box('traf', fullBox('tfhd', 0x020000, u32(1)), run));
      const extended = edit(sound, 'moov', (content) =>
        box('moov', content, box('mvex', fullBox('trex', 0, u32(1, 1, 1, 1, 0)))),
      );
      return join(extended, ...Array.from({ length: 200 }, () => fragment));
    },
  },
];
