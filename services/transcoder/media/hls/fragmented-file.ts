/** A part of a file that can be decoded by itself, and how long it plays. */
export interface Segment {
  durationSeconds: number;
  offset: number;
  bytes: number;
}

/** A fragmented MP4 as players fetch it, by ranges of bytes. */
export interface FragmentedFile {
  /** The first bytes, which every segment needs. */
  initBytes: number;
  segments: readonly Segment[];
  /** As a playlist names it (RFC 6381), for example `avc1.64001f` or `mp4a.40.2`. */
  codec: string;
}

/** So much of a file's beginning holds its index: 12 bytes a segment, behind headers of about a kilobyte. */
export const headBytes = 256 * 1024;

/**
 * Reads the index of a fragmented MP4 with one `sidx` box before its fragments (ISO/IEC 14496-12 §8.16.3). Throws where
 * the file is another one, or does not end where its index says: what ffmpeg wrote is not believed blindly.
 */
export function readFragmentedFile(head: Buffer, fileBytes: number): FragmentedFile {
  const moov = findBox(head, 'moov');
  const sidx = findBox(head, 'sidx');
  const segments = segmentsOf(head.subarray(sidx.start, sidx.end), sidx.end);
  const last = segments.at(-1);
  if (!last || last.offset + last.bytes !== fileBytes) throw new Error('the index of a fragmented MP4 does not fit it');
  return { initBytes: moov.end, segments, codec: codecOf(head.subarray(moov.start, moov.end)) };
}

interface Box {
  start: number;
  end: number;
}

/** A box at the top of a file, its header included. */
function findBox(head: Buffer, type: string): Box {
  for (let start = 0; start + 8 <= head.length; ) {
    const end = start + head.readUInt32BE(start);
    if (end < start + 8 || end > head.length) break;
    if (head.toString('latin1', start + 4, start + 8) === type) return { start, end };
    start = end;
  }
  throw new Error(`a fragmented MP4 lacks its ${type} box`);
}

function segmentsOf(sidx: Buffer, anchor: number): Segment[] {
  const isLong = sidx.readUInt8(8) === 1; // version 1 has times and offsets of 64 bits
  const timescale = sidx.readUInt32BE(16);
  const firstOffset = isLong ? Number(sidx.readBigUInt64BE(28)) : sidx.readUInt32BE(24);
  const table = (isLong ? 36 : 28) + 2;
  const count = sidx.readUInt16BE(table);
  let offset = anchor + firstOffset;
  return Array.from({ length: count }, (_, index) => {
    const entry = table + 2 + 12 * index;
    const bytes = sidx.readUInt32BE(entry) & 0x7fffffff;
    const segment = { offset, bytes, durationSeconds: sidx.readUInt32BE(entry + 4) / timescale };
    offset += bytes;
    return segment;
  });
}

/** The first sample description: of H.264 its profile, constraints and level, of AAC its object type. */
function codecOf(moov: Buffer): string {
  const avcC = moov.indexOf('avcC', 0, 'latin1');
  if (avcC >= 0) return `avc1.${moov.toString('hex', avcC + 5, avcC + 8)}`;
  const esds = moov.indexOf('esds', 0, 'latin1');
  if (esds < 0) throw new Error('a fragmented MP4 holds neither H.264 nor AAC');
  return `mp4a.40.${audioObjectType(moov.subarray(esds + 8))}`;
}

const [esDescriptor, decoderConfig, decoderSpecificInfo] = [0x03, 0x04, 0x05];

/** Follows the nested descriptors of ISO/IEC 14496-1 §7.2.6 to the first five bits of the AudioSpecificConfig. */
function audioObjectType(descriptors: Buffer): number {
  let at = 0;
  while (at < descriptors.length) {
    const tag = descriptors.readUInt8(at);
    at += 1;
    while (descriptors.readUInt8(at) >= 0x80) at += 1; // sizes are written in 1 to 4 bytes
    at += 1;
    if (tag === decoderSpecificInfo) return descriptors.readUInt8(at) >> 3;
    if (tag === esDescriptor) at += 3;
    else if (tag === decoderConfig) at += 13;
    else break;
  }
  throw new Error('the sound of a fragmented MP4 is not described');
}
