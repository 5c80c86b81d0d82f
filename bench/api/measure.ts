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
  perSecond: number;
  ceilingPerSecond: number;
  /** CPU seconds of every process per 1,000 right replies. */
  cpuPerThousand: number;
  bytes: number;
}

/** Measures a cell and what it is compared with in turn, so that both meet the machine in the same mood. */
export async function* measure(measured: MeasuredPlatform, cell: Cell, plan: Plan): AsyncGenerator<Result> {
  const { least, text } = await checkAnswers(measured, cell);
  const ceiling =
    cell.comparedWith === 'produce only'
      ? await startProduceOnly(measured.unread.brokers, measured.unread.topic)
      : await startReadyString(text);
  try {
    let from = 0;
    for (const connections of plan.connections) {
      const load = { requests: cell.requests, connections, seconds: plan.seconds, leastBytes: least };
      let best: Omit<Result, 'ceilingPerSecond'> | undefined;
      let ceilingPerSecond = 0;
      for (let round = 0; round < plan.rounds; round += 1) {
        ceilingPerSecond = Math.max(
          ceilingPerSecond,
          perSecond(await applyLoad({ ...load, address: ceiling.address })),
        );
        const { result, cpuSeconds } = await costOf(measured.pids(cell.api), () =>
          beside(cell.meanwhile, () => applyLoad({ ...load, from, address: measured.platform.addressOf(cell.api) })),
        );
        from = (from + result.right + result.wrong) % cell.requests.length;
        const cpuPerThousand = (Object.values(cpuSeconds).reduce((sum, used) => sum + used, 0) / result.right) * 1000;
        const found = { ...result, cell: cell.name, connections, cpuPerThousand, bytes: text.length };
        if (!best || perSecond(result) > best.perSecond) best = { ...found, perSecond: perSecond(result) };
      }
      if (best) yield { ...best, ceilingPerSecond };
    }
  } finally {
    await ceiling.stop();
  }
}

const perSecond = ({ right, seconds }: Measured): number => right / seconds;

/** Asks what the cell will ask; every answer must be right. Also warms what can be warm. */
async function checkAnswers({ platform }: MeasuredPlatform, cell: Cell): Promise<{ least: number; text: string }> {
  const texts: string[] = [];
  for (const request of cell.requests.slice(0, 1_000)) {
    const text = await answerTo(platform.addressOf(cell.api), request);
    const answer: Answer = JSON.parse(text);
    if (!cell.isRight(answer)) throw new Error(`${cell.name}: a wrong answer to ${request}: ${text.slice(0, 500)}`);
    texts.push(text);
  }
  const lengths = texts.map((text) => text.length);
  // Counts that move under load may lose a digit or two each.
  return { least: Math.floor(Math.min(...lengths) * 0.97), text: texts[0] ?? '' };
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
