/**
 * The API, measured: requests per second next to Koa in the same run, CPU, latencies, and whether the counts are right.
 * Usage: node bench/api/run.ts [--sizes S,M] [--cells feed,like] [--connections 1,16,64] [--seconds 3] [--rounds 1] [--profile]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { delaysSince, untilWritten } from './after-likes.ts';
import type { Cell } from './cells/cell.ts';
import { commentCells } from './cells/comments.ts';
import { feedCells } from './cells/feed.ts';
import { likeCells } from './cells/likes.ts';
import { listCells } from './cells/lists.ts';
import { loginCells } from './cells/login.ts';
import { messageCells } from './cells/messages.ts';
import { type SizeName, sizes } from './data-set.ts';
import { profileOf } from './load/profile.ts';
import { applyLoad } from './load/wrk.ts';
import { measure, type Plan } from './measure.ts';
import { type MeasuredPlatform, startMeasuredPlatform } from './platform.ts';
import { wrongCounts } from './served-counts.ts';
import { tableHead, tableRow } from './table.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: 'S,M' },
    cells: { type: 'string', default: '' },
    connections: { type: 'string', default: '1,16,64' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '1' },
    profile: { type: 'boolean', default: false },
  },
});
const plan: Plan = {
  connections: values.connections.split(',').map(Number),
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
};
/** Reads first: writes change what is read. */
const cellsInOrder = [feedCells, listCells, messageCells, loginCells, commentCells, likeCells];
const isWanted = (name: string): boolean => values.cells.split(',').some((part) => name.includes(part));
const isSize = (name: string): name is SizeName => name in sizes;

for (const size of values.sizes.split(',')) {
  if (!isSize(size)) throw new Error(`there is no data set ${size}: take ${Object.keys(sizes).join(' or ')}`);
  await measureSize(size);
}
process.exit();

async function measureSize(size: SizeName): Promise<void> {
  const measured = await startMeasuredPlatform(size);
  try {
    const all: Cell[] = [];
    for (const describe of cellsInOrder) all.push(...(await describe(measured)));
    const cells = all.filter(({ name }) => isWanted(name));
    console.log(`\nData set ${size}\n\n${tableHead}`);
    const notes: string[] = [];
    for (const cell of cells) {
      const beganMs = Date.now();
      if (values.profile) {
        await showProfile(measured, cell);
        continue;
      }
      for await (const result of measure(measured, cell, plan)) console.log(tableRow(result));
      if (cell.writes) notes.push(...(await checkWrites(measured, cell, beganMs)));
    }
    const likes = cells.find(({ writes }) => writes === 'likes');
    if (likes) notes.push(await measureDrain(measured, likes));
    console.log(`\n${notes.map((note) => `- ${note}`).join('\n')}`);
  } finally {
    await measured.stop();
  }
}

/** Instead of figures: in which functions the service spends the time of a cell. */
async function showProfile({ platform }: MeasuredPlatform, { name, api, requests }: Cell): Promise<void> {
  const load = { address: platform.addressOf(api), requests, connections: 16, seconds: plan.seconds, leastBytes: 0 };
  await applyLoad(load);
  const lines = await profileOf(platform.pidOf(api), () => applyLoad(load));
  console.log(`\n${name}\n${lines.join('\n')}`);
}

async function checkWrites(measured: MeasuredPlatform, { name }: Cell, sinceMs: number): Promise<string[]> {
  await untilWritten(measured);
  const { likes, p50Ms, p99Ms } = await delaysSince(measured, sinceMs);
  const { compared, wrong } = await wrongCounts(measured);
  const delays = likes > 0 ? [`${name}: ${likes} rows, accepted → row p50 ${p50Ms} ms, p99 ${p99Ms} ms`] : [];
  const examples = wrong.length > 0 ? `: ${wrong.slice(0, 5).join('; ')}` : '';
  return [...delays, `${name}: ${compared} served counts compared with rows, ${wrong.length} wrong${examples}`];
}

/** How fast waiting likes are written when nothing else happens. */
async function measureDrain(measured: MeasuredPlatform, { requests }: Cell): Promise<string> {
  const { platform, lag } = measured;
  await platform.kill('like-writer');
  const address = platform.addressOf('video');
  const accepted = await applyLoad({ address, requests, connections: 64, seconds: plan.seconds * 2, leastBytes: 0 });
  const waiting = await lag();
  await platform.restart('like-writer');
  while ((await lag()) === waiting) await pause(20);
  const beganMs = performance.now();
  const rest = await lag();
  await untilWritten(measured);
  const perSecond = (rest / (performance.now() - beganMs)) * 1000;
  const { wrong } = await wrongCounts(measured);
  const acceptedPerSecond = accepted.right / accepted.seconds;
  return `drain: ${waiting} waiting likes, written at ${perSecond.toFixed(0)}/s; accepted at ${acceptedPerSecond.toFixed(0)}/s without a writer; ${wrong.length} wrong counts`;
}
