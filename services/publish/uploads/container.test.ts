import assert from 'node:assert/strict';
import { sniffContainer } from './container.ts';

const box = (type: string, brand = '') =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(type + brand, 'latin1')]);
const matroska = (type: string) =>
  Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x42, 0x82, 0x84]), Buffer.from(type)]);
const transport = (packetBytes: number, offset = 0) => {
  const bytes = Buffer.alloc(packetBytes * 5);
  for (let at = offset; at < bytes.length; at += packetBytes) bytes[at] = 0x47;
  return bytes;
};

describe('container of an upload', () => {
  const accepted: [string, Buffer, string][] = [
    ['MP4', box('ftyp', 'isom'), 'mp4'],
    ['MP4 of a phone', box('ftyp', 'mp42'), 'mp4'],
    ['3GP', box('ftyp', '3gp5'), 'mp4'],
    ['QuickTime', box('ftyp', 'qt  '), 'mov'],
    ['QuickTime without a brand', box('moov'), 'mov'],
    ['Matroska', matroska('matroska'), 'mkv'],
    ['WebM', matroska('webm'), 'webm'],
    ['AVI', Buffer.from('RIFF\x10\x00\x00\x00AVI LIST', 'latin1'), 'avi'],
    ['FLV', Buffer.from('FLV\x01\x05', 'latin1'), 'flv'],
    ['transport stream', transport(188), 'ts'],
    ['transport stream with timestamps', transport(192, 4), 'ts'],
  ];
  for (const [name, head, extension] of accepted) {
    it(`is known for ${name}`, () => assert.equal(sniffContainer(head)?.extension, extension));
  }

  const refused: [string, Buffer][] = [
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('this is not a video\n')],
    ['a text with the word of a box', Buffer.from('The moov is here')],
    ['an HLS playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
    ['a concat script', Buffer.from('ffconcat version 1.0\nfile other.mp4\n')],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['a JPEG', Buffer.from('\xff\xd8\xff\xe0', 'latin1')],
    ['a picture in an MP4 box', box('ftyp', 'heic')],
    ['an AVIF picture', box('ftyp', 'avif')],
    ['a song in an MP4 box', box('ftyp', 'M4A ')],
    ['a WAV', Buffer.from('RIFF\x10\x00\x00\x00WAVEfmt ', 'latin1')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a ZIP', Buffer.from('PK\x03\x04', 'latin1')],
    ['a few sync bytes', Buffer.from('GGGG')],
  ];
  for (const [name, head] of refused) {
    it(`is not seen in ${name}`, () => assert.equal(sniffContainer(head), undefined));
  }
});
