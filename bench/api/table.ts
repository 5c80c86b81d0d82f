import type { Result } from './measure.ts';

const columns: readonly [title: string, value: (result: Result) => string][] = [
  ['cell', ({ cell }) => cell],
  ['connections', ({ connections }) => String(connections)],
  ['bytes', ({ bytes }) => String(bytes)],
  ['right/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['Koa/s', ({ ceilingPerSecond }) => ceilingPerSecond.toFixed(0)],
  ['ratio', ({ perSecond, ceilingPerSecond }) => `${((perSecond / ceilingPerSecond) * 100).toFixed(0)} %`],
  ['CPU s / 1,000', ({ cpuPerThousand }) => cpuPerThousand.toFixed(3)],
  ["Koa's", ({ ceilingCpuPerThousand }) => ceilingCpuPerThousand.toFixed(3)],
  ['p50 ms', ({ p50Us }) => inMs(p50Us)],
  ['p99 ms', ({ p99Us }) => inMs(p99Us)],
  ['p99.9 ms', ({ p999Us }) => inMs(p999Us)],
  ['wrong', ({ wrong }) => String(wrong)],
];

const inMs = (us: number): string => (us / 1000).toFixed(us < 10_000 ? 2 : 0);
const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;

/** The first lines of the table. */
export const tableHead = [line(columns.map(([title]) => title)), `|${columns.map(() => '---').join('|')}|`].join('\n');

/** The line of one result. */
export const tableRow = (result: Result): string => line(columns.map(([, value]) => value(result)));
