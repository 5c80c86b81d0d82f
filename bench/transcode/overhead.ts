import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileOf } from '../../test/media/clip.ts';
import { clip } from '../../test/media/corpus.ts';
import { openStudio } from '../../test/media/studio.ts';
import { cpuSecondsOf, cpuSecondsWithChildrenOf } from '../api/load/cpu.ts';
import { createRecorder, removeBare, runBare } from './bare-run.ts';
import { median, printTable } from './table.ts';

interface Cost {
  wallSeconds: number;
  cpuSeconds: number;
}

/** What the transcoder takes longer than the commands that it runs, in pairs that take turns at being the first. */
export async function measureOverhead(pairs: number, seconds: number): Promise<void> {
  const recorder = createRecorder();
  const studio = await openStudio({ watchTools: recorder.watchTools });
  const source = await fileOf(clip('overhead', { shown: { width: 720, height: 1280 }, seconds }));

  const ours = async (): Promise<Cost & { bytes: number }> => {
    const transcode = await studio.upload(source);
    recorder.commands.length = 0;
    const cpu = () => cpuSecondsOf(process.pid) + cpuSecondsWithChildrenOf(studio.ffmpegPid());
    const { result, cost } = await costOf(cpu, () => transcode());
    const { headers } = await fetch(studio.mediaUrl + result.playPath, { method: 'HEAD' });
    return { ...cost, bytes: Number(headers.get('content-length')) };
  };
  const bare = async (): Promise<Cost & { bytes: number }> => {
    const cpu = () => cpuSecondsWithChildrenOf(process.pid) - cpuSecondsOf(process.pid);
    const { result: folder, cost } = await costOf(cpu, () => runBare(recorder.commands, source));
    const played = recorder.commands.flatMap(({ outputs }) => outputs).find(({ file }) => file.endsWith('.mp4'));
    const { size: bytes } = statSync(join(folder, basename(played?.file ?? '')));
    removeBare(folder);
    return { ...cost, bytes };
  };

  try {
    await ours(); // the commands are known, and caches are warm
    const rows: string[][] = [];
    const ratios: Cost[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const first = pair % 2 === 0 ? await ours() : undefined;
      const plain = await bare();
      const own = first ?? (await ours());
      if (!isAbout(own.bytes, plain.bytes))
        throw new Error('the bare commands did other work: the figures mean nothing');
      const ratio = { wallSeconds: own.wallSeconds / plain.wallSeconds, cpuSeconds: own.cpuSeconds / plain.cpuSeconds };
      ratios.push(ratio);
      rows.push([String(pair + 1), ...[own, plain, ratio].flatMap(asText)]);
      console.log(rows.at(-1)?.join(' | '));
    }
    const middle = { wallSeconds: median(ratios.map(wall)), cpuSeconds: median(ratios.map(cpu)) };
    rows.push(['median', '', '', '', '', ...asText(middle)]);
    console.log(`\n${seconds} s of 720×1280, ${recorder.commands.length} runs of ffmpeg\n`);
    printTable(['pair', 'ours, s', 'CPU', 'bare, s', 'CPU', 'ratio', 'of CPU'], rows);
  } finally {
    await studio.close();
  }
}

const wall = ({ wallSeconds }: Cost): number => wallSeconds;
const cpu = ({ cpuSeconds }: Cost): number => cpuSeconds;
const asText = ({ wallSeconds, cpuSeconds }: Cost): string[] => [wallSeconds.toFixed(3), cpuSeconds.toFixed(3)];
/** The same arguments make other bytes at each run: x264 with a capped rate decides by how far its threads are. */
const isAbout = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.03;

async function costOf<Result>(
  cpuNow: () => number,
  work: () => Promise<Result>,
): Promise<{ result: Result; cost: Cost }> {
  const [beganMs, cpuBefore] = [performance.now(), cpuNow()];
  const result = await work();
  return {
    result,
    cost: { wallSeconds: (performance.now() - beganMs) / 1000, cpuSeconds: cpuNow() - cpuBefore },
  };
}
