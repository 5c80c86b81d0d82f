import type { HostileFile } from '../hostile-file.ts';
import { join, u32, uint } from './isobmff.ts';

const packetBytes = 188;

/** The checksum of MPEG's tables. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1) >>> 0;
  }
  return crc >>> 0;
}

const section = (table: number, id: number, content: Buffer): Buffer => {
  const body = join([table], uint(2, 0xb000 | (content.length + 9)), uint(2, id), [0xc1, 0, 0], content);
  return join(body, u32(crc32(body)));
};

/** A table cut into packets. */
function packets(pid: number, bytes: Buffer): Buffer[] {
  const payload = join([0], bytes);
  const count = Math.ceil(payload.length / (packetBytes - 4));
  return Array.from({ length: count }, (_, index) => {
    const piece = payload.subarray(index * (packetBytes - 4), (index + 1) * (packetBytes - 4));
    const head = join([0x47], uint(2, (index === 0 ? 0x4000 : 0) | pid), [0x10 | (index & 15)]);
    return join(head, piece, Buffer.alloc(packetBytes - 4 - piece.length, 0xff));
  });
}

const programs = (mapPids: readonly number[]): Buffer[] =>
  packets(0, section(0, 1, join(...mapPids.map((pid, index) => join(uint(2, index + 1), uint(2, 0xe000 | pid))))));

const map = (program: number, pid: number, streamPids: readonly number[]): Buffer[] => {
  const streams = streamPids.map((stream) => join([0x1b], uint(2, 0xe000 | stream), uint(2, 0xf000)));
  return packets(pid, section(2, program, join(uint(2, 0xe100), uint(2, 0xf000), ...streams)));
};

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Transport streams that never come to their pictures. */
export const streams: readonly HostileFile[] = [
  {
    name: 'tables-without-end.ts',
    ...{ expected: ['not-a-video', 'too-many-streams', 'no-video', 'unreadable', 'damaged'], isBrief: true },
    make: () => {
      const pids = range(0x100, 200);
      const tables = pids.flatMap((pid, index) => map(index + 1, pid, range(0x400 + index * 20, 20)));
      return join(...Array.from({ length: 12 }, () => [...programs(pids), ...tables]).flat());
    },
  },
  {
    name: 'tables-that-change.ts',
    expected: ['not-a-video', 'too-many-streams', 'no-video', 'unreadable', 'damaged'],
    make: () =>
      join(...range(0, 4_000).flatMap((turn) => [...programs([0x100]), ...map(1, 0x100, [0x200 + (turn % 0x1000)])])),
  },
  {
    name: 'sync-bytes-only.ts',
    expected: ['not-a-video', 'no-video', 'unreadable', 'damaged'],
    make: () => Buffer.alloc(packetBytes * 20_000, join([0x47, 0x1f, 0xff, 0x10], Buffer.alloc(184, 0x47))),
  },
  {
    name: 'a-picture-that-grows.ts',
    ...{ expected: ['encoded', 'damaged', 'too-large', 'unreadable'], isBrief: true },
    make: ({ ffmpeg }) =>
      join(
        ...['64x64', '4096x4096'].map((size) =>
          ffmpeg('mpegts', '-f', 'lavfi', '-i', `color=s=${size}:r=5:d=1`, '-c:v', 'libx264', '-preset', 'ultrafast'),
        ),
      ),
  },
];
