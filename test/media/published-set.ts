import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One size in a master playlist. */
export interface Variant {
  uri: string;
  /** Bits a second. */
  bandwidth: number;
  averageBandwidth: number;
  codecs: string;
  width: number;
  height: number;
  framesPerSecond: number;
}

/** A track as a player puts it together out of its playlist. */
export interface Track {
  path: string;
  contentType: string;
  segments: { bytes: number; durationSeconds: number }[];
}

/** Reads what a master playlist leads to, as anybody can; tracks are written into a folder. */
export async function readPublishedSet(masterUrl: string, folder: string) {
  const text = (await fetched(masterUrl, 'application/vnd.apple.mpegurl')).toString();
  const at = (name: string): string => new URL(name, masterUrl).href;
  return {
    text,
    at,
    variants: [...text.matchAll(/^#EXT-X-STREAM-INF:(.*)\n(.*)$/gm)].map(([, line = '', uri = '']) =>
      variantOf(line, uri),
    ),
    audioUri: /TYPE=AUDIO.*URI="([^"]*)"/.exec(text)?.[1],
    /** The name of what lies beside the playlist under one of our data ids. */
    besideOf: (id: string): string =>
      new RegExp(`DATA-ID="dev.tiktoklite.${id}",VALUE="([^"]*)"`).exec(text)?.[1] ?? '',
    track: (uri: string): Promise<Track> => readTrack(at(uri), folder),
  };
}

export type PublishedSet = Awaited<ReturnType<typeof readPublishedSet>>;

function variantOf(line: string, uri: string): Variant {
  const value = (name: string) => new RegExp(`(?:^|,)${name}="?([^",]*(?:,[^",=]*(?="))?)`).exec(line)?.[1] ?? '';
  const [width, height] = value('RESOLUTION').split('x').map(Number);
  return {
    ...{ uri, bandwidth: Number(value('BANDWIDTH')), averageBandwidth: Number(value('AVERAGE-BANDWIDTH')) },
    ...{
      codecs: value('CODECS'),
      width: width ?? 0,
      height: height ?? 0,
      framesPerSecond: Number(value('FRAME-RATE')),
    },
  };
}

async function readTrack(listUrl: string, folder: string): Promise<Track> {
  const list = (await fetched(listUrl, 'application/vnd.apple.mpegurl')).toString();
  const media = /#EXT-X-MAP:URI="([^"]*)"/.exec(list)?.[1] ?? '';
  const answer = await fetch(new URL(media, listUrl));
  assert.equal(answer.status, 200, media);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const ranges = [...list.matchAll(/BYTERANGE[:=]"?(\d+)@(\d+)/g)].map(([, length, offset]) => ({
    length: Number(length),
    offset: Number(offset),
  }));
  const seconds = [...list.matchAll(/EXTINF:([\d.]+)/g)].map(([, each]) => Number(each));
  const path = join(folder, `${new URL(listUrl).pathname.replaceAll('/', '-')}-${media}`);
  writeFileSync(path, Buffer.concat(ranges.map(({ length, offset }) => bytes.subarray(offset, offset + length))));
  const segments = seconds.map((durationSeconds, index) => ({
    durationSeconds,
    bytes: ranges[index + 1]?.length ?? 0, // the first range is what all of them need
  }));
  return { path, contentType: answer.headers.get('content-type') ?? '', segments };
}

async function fetched(url: string, contentType: string): Promise<Buffer> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  assert.equal(answer.headers.get('content-type'), contentType, url);
  return Buffer.from(await answer.arrayBuffer());
}
