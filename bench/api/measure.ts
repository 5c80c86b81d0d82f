import type { Answer, Cell } from './cells/cell.ts';
import { startProduceOnly, startReadyString } from './koa/start.ts';
import { costOf } from './load/cpu.ts';
import { answerTo } from './load/requests.ts';
import { applyLoad, type Measured } from './load/wrk.ts';
import type { MeasuredPlatform } from './platform.ts';

export interface Plan {
  connections: readonly number[];
  seconds: number;
  rounds: number;
}

/** What a cell reached at one number of connections, in its best round; the ceiling's best round was in the same run. */
export interface Result extends Measured {
  cell: string;
  connections: number;
  bytes: number;
  perSecond: number;
  /** CPU seconds of every process per 1,000 right replies. */
  cpuPerThousand: number;
  ceilingPerSecond: number;
  ceilingCpuPerThousand: number;
}

/** Measures a cell and what it is compared with in turn, so that both meet the machine in the same mood. */
export async function* measure(measured: MeasuredPlatform, cell: Cell, plan: Plan): AsyncGenerator<Result> {
  const { leastBytes, text } = await checkAnswers(measured, cell);
  const { unread, platform } = measured;
  const ceiling =
    cell.comparedWith === 'produce only'
      ? await startProduceOnly(unread.brokers, unread.topic)
      : await startReadyString(text);
  const requests = cell.requests;
  let from = 0;
  try {
    for (const connections of plan.connections) {
      const load = { requests, leastBytes, connections, seconds: plan.seconds };
      const ofCeiling: Loaded[] = [];
      const ofCell: Loaded[] = [];
      for (let round = 0; round < plan.rounds; round += 1) {
        const ceilingPids = {
          koa: ceiling.pid,
          ...(cell.comparedWith === 'produce only' && { kafka: measured.pids(cell.api).kafka }),
        };
        ofCeiling.push(await loaded(ceilingPids, () => applyLoad({ ...load, address: ceiling.address })));
        const address = platform.addressOf(cell.api);
        const found = await loaded(measured.pids(cell.api), () =>
          beside(cell.meanwhile, () => applyLoad({ ...load, from, address })),
        );
        from = (from + found.right + found.wrong) % requests.length;
        ofCell.push(found);
      }
      const { perSecond: ceilingPerSecond, cpuPerThousand: ceilingCpuPerThousand } = bestOf(ofCeiling);
      const about = { cell: cell.name, connections, bytes: text.length };
      yield { ...about, ...bestOf(ofCell), ceilingPerSecond, ceilingCpuPerThousand };
    }
  } finally {
    await ceiling.stop();
  }
}

type Loaded = Measured & Pick<Result, 'perSecond' | 'cpuPerThousand'>;

async function loaded(pids: Readonly<Record<string, number>>, work: () => Promise<Measured>): Promise<Loaded> {
  const { result, cpuSeconds } = await costOf(pids, work);
  const used = Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0);
  return { ...result, perSecond: result.right / result.seconds, cpuPerThousand: (used / result.right) * 1000 };
}

const bestOf = (rounds: readonly Loaded[]): Loaded => {
  const [best] = rounds.toSorted((a, b) => b.perSecond - a.perSecond);
  if (!best) throw new RangeError('nothing was measured: there must be at least one round');
  return best;
};

/** Asks what the cell will ask; every answer must be right. Also warms what can be warm. */
async function checkAnswers({ platform }: MeasuredPlatform, cell: Cell): Promise<{ leastBytes: number; text: string }> {
  const texts: string[] = [];
  for (const request of cell.requests.slice(0, 1_000)) {
    const text = await answerTo(platform.addressOf(cell.api), request);
    const answer: Answer = JSON.parse(text);
    if (!cell.isRight(answer)) throw new Error(`${cell.name}: a wrong answer to ${request}: ${text.slice(0, 500)}`);
    texts.push(text);
  }
  const lengths = texts.map((text) => text.length);
  // Counts that move under load may lose a digit or two each.
  return { leastBytes: Math.floor(Math.min(...lengths) * 0.97), text: texts[0] ?? '' };
}

async function beside<Result>(meanwhile: Cell['meanwhile'], work: () => Promise<Result>): Promise<Result> {
  if (!meanwhile) return work();
  const timer = setInterval(() => void meanwhile.do().catch(console.error), meanwhile.everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
