import { fileOf } from '../../test/media/clip.ts';
import { corpus } from '../../test/media/corpus.ts';
import { likeness } from '../../test/media/frames.ts';
import { readPublishedSet } from '../../test/media/published-set.ts';
import { openStudio, standardLadder } from '../../test/media/studio.ts';
import { printTable } from './table.ts';

/** How alike each size of each clip is to its source, and what it takes of what it may take. */
export async function measureLikeness(isWanted: (clip: string) => boolean): Promise<void> {
  const studio = await openStudio();
  const rows: string[][] = [];
  try {
    for (const clip of corpus.filter(({ name }) => isWanted(name))) {
      const source = await fileOf(clip);
      const transcode = await studio.upload(source);
      const set = await readPublishedSet(studio.mediaUrl + (await transcode()).hlsPath, studio.folder);
      for (const { uri, width, height, framesPerSecond, averageBandwidth, bandwidth } of set.variants) {
        const { path } = await set.track(uri);
        const alike = await likeness({ made: path, source, width, height, frameRate: framesPerSecond.toFixed(3) });
        rows.push([
          ...[clip.name, clip.isNatural ? '' : 'not held', `${width}×${height}`, alike.toFixed(3)],
          ...[kilobits(averageBandwidth), kilobits(bandwidth), String(capOf(Math.min(width, height)))],
        ]);
        console.log(rows.at(-1)?.join(' | '));
      }
    }
  } finally {
    await studio.close();
  }
  console.log();
  printTable(['clip', '', 'size', 'SSIM', 'mean kbit/s, sound included', 'peak', 'cap of pictures'], rows);
}

const kilobits = (bits: number): string => (bits / 1000).toFixed(0);

const capOf = (shortSide: number): number =>
  (standardLadder.find(({ shortSidePixels }) => shortSidePixels >= shortSide) ?? standardLadder.at(-1))
    ?.maxKilobitsPerSecond ?? 0;
