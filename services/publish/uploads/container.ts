/** A file format that can hold a video, as its first bytes show it; what the client calls the file does not count. */
export interface Container {
  extension: string;
  contentType: string;
}

/** As many bytes decide. */
export const sniffBytes = 1024;

interface Signature extends Container {
  matches(head: Buffer): boolean;
}

const transportPacketBytes = 188;
const timestampedPacketBytes = 192;

/** Pictures and sounds come in the same boxes as MP4; their brands tell them apart. */
const brandsWithoutVideo = ['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis', 'M4A ', 'M4B ', 'M4P '];
/** Boxes with which a QuickTime file from before brands can begin. */
const quickTimeBoxes = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

const signatures: readonly Signature[] = [
  {
    extension: 'mov',
    contentType: 'video/quicktime',
    matches: (head) => (textAt(head, 4, 4) === 'ftyp' && textAt(head, 8, 4) === 'qt  ') || isOldQuickTime(head),
  },
  {
    extension: 'mp4',
    contentType: 'video/mp4',
    matches: (head) => textAt(head, 4, 4) === 'ftyp' && !brandsWithoutVideo.includes(textAt(head, 8, 4)),
  },
  { extension: 'webm', contentType: 'video/webm', matches: (head) => isMatroska(head) && head.includes('webm') },
  { extension: 'mkv', contentType: 'video/x-matroska', matches: (head) => isMatroska(head) },
  {
    extension: 'avi',
    contentType: 'video/x-msvideo',
    matches: (head) => textAt(head, 0, 4) === 'RIFF' && textAt(head, 8, 4) === 'AVI ',
  },
  { extension: 'flv', contentType: 'video/x-flv', matches: (head) => textAt(head, 0, 4) === 'FLV\x01' },
  {
    extension: 'ts',
    contentType: 'video/mp2t',
    matches: (head) => hasSyncBytes(head, 0, transportPacketBytes) || hasSyncBytes(head, 4, timestampedPacketBytes),
  },
];

/** The container that the first bytes of a file show; undefined for everything else, playlists among it. */
export const sniffContainer = (head: Buffer): Container | undefined =>
  signatures.find((signature) => signature.matches(head));

const textAt = (head: Buffer, offset: number, length: number): string =>
  head.toString('latin1', offset, offset + length);

/** The first box must fit the size that it says, so that a text with such a word in its place is not taken for one. */
const isOldQuickTime = (head: Buffer): boolean =>
  head.length >= 8 && quickTimeBoxes.includes(textAt(head, 4, 4)) && head[0] === 0;

const isMatroska = (head: Buffer): boolean => head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3;

function hasSyncBytes(head: Buffer, offset: number, packetBytes: number): boolean {
  const packets = [0, 1, 2, 3];
  return packets.every((packet) => head[offset + packet * packetBytes] === 0x47);
}
