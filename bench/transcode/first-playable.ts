import { fileOf } from '../../test/media/clip.ts';
import { clip } from '../../test/media/corpus.ts';
import { openStudio } from '../../test/media/studio.ts';
import { median, printTable } from './table.ts';

/** How long after its upload a phone's 15 s can be watched, and are there in every size. */
export async function measureFirstPlayable(rounds: number): Promise<void> {
  const studio = await openStudio();
  const source = await fileOf(clip('fifteen-seconds', { shown: { width: 1080, height: 1920 }, seconds: 15 }));
  const times: { playable: number; complete: number }[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const transcode = await studio.upload(source);
      const beganMs = performance.now();
      const since = () => (performance.now() - beganMs) / 1000;
      let playable = Number.NaN;
      await transcode(() => {
        playable = since();
      });
      times.push({ playable, complete: since() });
    }
  } finally {
    await studio.close();
  }
  console.log('\n15 s of 1080×1920\n');
  const rows = times.map(({ playable, complete }, index) => [String(index + 1), playable, complete] as const);
  const middle = ['median', median(rows.map((row) => row[1])), median(rows.map((row) => row[2]))] as const;
  printTable(
    ['round', 'playable after, s', 'complete after, s'],
    [...rows, middle].map(([name, ...seconds]) => [name, ...seconds.map((each) => each.toFixed(1))]),
  );
}
