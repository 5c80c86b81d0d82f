import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type HostileFile, unreadable } from '../hostile-file.ts';
import { box, boxesIn, edit, join, u32 } from './isobmff.ts';

/** Bytes without a pattern, the same in each run. */
function noise(bytes: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, index) =>
    createHash('sha512').update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** An archive of one empty file, as the smallest of its kind. */
const zip = (): Buffer => {
  const name = '../../../../etc/cron.d/x';
  const length = Buffer.from([name.length, 0]);
  const local = join('PK\x03\x04', [20, 0, 0, 0, 0, 0], u32(0, 0, 0, 0), length, [0, 0], name);
  const central = join('PK\x01\x02', [20, 0, 20, 0, 0, 0, 0, 0], u32(0, 0, 0, 0), length, Buffer.alloc(16), name);
  return join(local, central, 'PK\x05\x06', [
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    central.length,
    0,
    0,
    0,
    local.length,
    0,
    0,
    0,
    0,
    0,
  ]);
};

const page = '<html><script>fetch("http://127.0.0.1/")</script></html>';
const eitherWay = ['encoded', 'not-a-video', 'damaged'] as const;

/** Files that are no videos, and videos that are something else too. */
export const strangers: readonly HostileFile[] = [
  { name: 'nothing.mp4', ...{ expected: unreadable, isBrief: true as const }, make: () => Buffer.alloc(0) },
  { name: 'one-byte.mp4', expected: unreadable, make: () => Buffer.from([0]) },
  { name: 'zeroes.mp4', expected: unreadable, make: () => Buffer.alloc(4 * 1024 ** 2) },
  { name: 'noise.mp4', ...{ expected: unreadable, isBrief: true as const }, make: () => noise(1024 ** 2, 'noise') },
  {
    name: 'noise-behind-a-head.mp4',
    expected: unreadable,
    make: () => join(box('ftyp', 'isom', u32(512), 'isomavc1'), noise(1024 ** 2, 'head')),
  },
  {
    name: 'noise-for-pictures.mp4',
    expected: eitherWay,
    make: ({ sound }) =>
      join(
        ...boxesIn(sound).map(({ name, content }) =>
          box(name, name === 'mdat' ? noise(content.length, 'pictures') : content),
        ),
      ),
  },
  { name: 'archive.zip.mp4', ...{ expected: unreadable, isBrief: true as const }, make: zip },
  { name: 'bomb.gz.mp4', expected: unreadable, make: () => gzipSync(Buffer.alloc(64 * 1024 ** 2), { level: 9 }) },
  { name: 'video-and-archive.mp4', expected: eitherWay, make: ({ sound }) => join(sound, zip()) },
  { name: 'archive-and-video.mp4', expected: eitherWay, make: ({ sound }) => join(zip(), sound) },
  { name: 'page-and-video.mp4', expected: eitherWay, make: ({ sound }) => join(page, sound) },
  {
    name: 'video-with-a-page-in-it.mp4',
    ...{ expected: ['encoded'], isBrief: true as const },
    make: ({ sound }) => edit(sound, 'moov', (content) => box('moov', box('free', page), content)),
  },
  {
    name: 'document.pdf.mp4',
    expected: unreadable,
    make: () => Buffer.from('%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n'),
  },
  { name: 'program.elf.mp4', expected: unreadable, make: () => join('\x7fELF\x02\x01\x01', Buffer.alloc(57)) },
  { name: 'text.mp4', expected: unreadable, make: () => Buffer.from('A'.repeat(100_000)) },
];
