import type { HostileFile } from '../hostile-file.ts';
import { element, endless, ids, jpegTrack, matroska, unended } from './ebml.ts';
import { join, uint } from './isobmff.ts';

const eitherWay = ['encoded', 'not-a-video', 'damaged', 'no-video', 'unreadable', 'codec'] as const;

/** A part that is put behind the head of the segment of a sound file. */
const withParts = (file: Buffer, ...parts: Buffer[]): Buffer => {
  const at = file.indexOf(Buffer.from('1549a966', 'hex')); // where the segment's information begins
  return unendedSegment(file, at, join(...parts));
};

/** Sizes would no longer hold: the segment is made one without a size. */
function unendedSegment(file: Buffer, at: number, parts: Buffer): Buffer {
  const start = file.indexOf(Buffer.from('18538067', 'hex'));
  return join(file.subarray(0, start), endless(ids.segment, parts, file.subarray(at)));
}

const soundMatroska = (ffmpeg: (container: string, ...args: string[]) => Buffer): Buffer =>
  ffmpeg('matroska', '-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=10:d=1', '-c:v', 'libx264', '-preset', 'ultrafast');

/** Matroska files that point elsewhere, or at themselves. */
export const matroskas: readonly HostileFile[] = [
  {
    name: 'chained-to-other-files.mkv',
    expected: eitherWay,
    make: ({ ffmpeg, canary }) =>
      withParts(
        soundMatroska(ffmpeg),
        element(ids.info, element(ids.previousFile, canary.stream), element(ids.nextFile, canary.stream)),
      ),
  },
  {
    name: 'with-a-playlist-attached.mkv',
    ...{ expected: eitherWay, isBrief: true },
    make: ({ ffmpeg, canary, trap }) =>
      withParts(
        soundMatroska(ffmpeg),
        element(
          ids.attachments,
          element(
            ids.attached,
            element(ids.fileName, `../../${canary.text}`),
            element(ids.mimeType, 'application/vnd.apple.mpegurl'),
            element(ids.fileData, `#EXTM3U\n#EXTINF:1,\nhttp://${trap}/x.ts\n`),
            element(ids.fileUid, uint(2, 7)),
          ),
        ),
      ),
  },
  {
    name: 'with-hundred-megabytes-of-tags.mkv',
    expected: eitherWay,
    make: ({ ffmpeg }) => {
      const text = Buffer.alloc(15 * 1024 ** 2, 'A');
      const tag = (name: string) =>
        element(ids.tag, element(ids.simpleTag, element(ids.tagName, name), element(ids.tagText, text)));
      return withParts(soundMatroska(ffmpeg), element(ids.tags, ...'ABCDEFG'.split('').map(tag)));
    },
  },
  {
    name: 'a-thousand-tracks.mkv',
    expected: ['too-many-streams'],
    make: () =>
      matroska(
        element(ids.info, element(ids.timeScale, uint(4, 1_000_000))),
        element(ids.tracks, ...Array.from({ length: 1_000 }, (_, index) => jpegTrack(index + 1))),
      ),
  },
  {
    name: 'an-index-that-leads-to-itself.mkv',
    expected: eitherWay,
    make: () => {
      const seek = (id: number) =>
        element(ids.seek, element(ids.seekId, uint(4, id)), element(ids.seekPosition, uint(4, 0)));
      return matroska(
        element(ids.seekHead, seek(ids.seekHead), seek(ids.tracks), seek(ids.tags), seek(ids.cluster)),
        element(ids.tracks, jpegTrack(1)),
      );
    },
  },
  {
    name: 'clusters-without-end.mkv',
    expected: eitherWay,
    make: () => {
      const cluster = endless(ids.cluster, element(ids.time, uint(4, 0)));
      return unended(element(ids.tracks, jpegTrack(1)), ...Array.from({ length: 20_000 }, () => cluster));
    },
  },
  {
    name: 'a-block-of-a-terabyte.mkv',
    expected: eitherWay,
    make: () =>
      unended(
        element(ids.tracks, jpegTrack(1)),
        join(
          element(ids.cluster, element(ids.time, uint(1, 0))),
          [ids.block, 0x01, 0, 255, 255, 255, 255, 255, 255],
          Buffer.alloc(1_000),
        ),
      ),
  },
  {
    name: 'a-clock-of-years.mkv',
    expected: [...eitherWay, 'too-long', 'frame-rate'],
    make: ({ ffmpeg }) => {
      const file = Buffer.from(soundMatroska(ffmpeg));
      const at = file.indexOf(Buffer.from('2ad7b183', 'hex'));
      if (at > 0) uint(3, 0xffffff).copy(file, at + 4);
      return file;
    },
  },
  {
    name: 'a-track-of-four-billion-pixels.mkv',
    ...{ expected: ['too-large', 'unreadable', 'not-a-video'], isBrief: true },
    make: () => matroska(element(ids.tracks, jpegTrack(1, [65_500, 65_500]))),
  },
];
