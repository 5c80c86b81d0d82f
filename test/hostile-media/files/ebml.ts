import { join, uint } from './isobmff.ts';

/** An element of Matroska: its id as in the specification, its size in eight bytes, its content. */
export const element = (id: number, ...content: (Buffer | string)[]): Buffer => {
  const inside = join(...content);
  return join(idOf(id), join([0x01], uint(1, 0), uint(6, inside.length)), inside);
};

/** An element that does not say where it ends. */
export const endless = (id: number, ...content: (Buffer | string)[]): Buffer =>
  join(idOf(id), [0x01, 255, 255, 255, 255, 255, 255, 255], ...content);

const idOf = (id: number): Buffer => uint(id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1, id);

export const ids = {
  head: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  timeScale: 0x2ad7b1,
  duration: 0x4489,
  previousFile: 0x3c83ab,
  nextFile: 0x3e83bb,
  tracks: 0x1654ae6b,
  track: 0xae,
  number: 0xd7,
  uid: 0x73c5,
  type: 0x83,
  codec: 0x86,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
  attachments: 0x1941a469,
  attached: 0x61a7,
  fileName: 0x466e,
  mimeType: 0x4660,
  fileData: 0x465c,
  fileUid: 0x46ae,
  tags: 0x1254c367,
  tag: 0x7373,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagText: 0x4487,
  cluster: 0x1f43b675,
  time: 0xe7,
  block: 0xa3,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
} as const;

const head = element(ids.head, element(ids.docType, 'matroska'));

/** A Matroska file of these parts, and of no pictures: the tracks are believed where a cluster begins. */
export const matroska = (...parts: Buffer[]): Buffer =>
  join(head, element(ids.segment, ...parts, element(ids.cluster, element(ids.time, uint(1, 0)))));

/** A track of moving JPEGs. */
export const jpegTrack = (number: number, [width, height]: readonly [number, number] = [64, 64]): Buffer =>
  element(
    ids.track,
    ...[element(ids.number, uint(2, number)), element(ids.uid, uint(2, number)), element(ids.type, uint(1, 1))],
    element(ids.codec, 'V_MJPEG'),
    element(ids.video, element(ids.width, uint(4, width)), element(ids.height, uint(4, height))),
  );

/** The start of a file that has no end. */
export const unended = (...parts: Buffer[]): Buffer => join(head, endless(ids.segment, ...parts));
