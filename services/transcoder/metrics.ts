import { Counter } from 'prom-client';
import type { Metrics } from '../shared/metrics.ts';

/** Counts how transcodes end: `ready`, `retried`, `lost`, `given-up`, or the code of a refusal. */
export function countTranscodes(metrics: Metrics): (result: string) => void {
  const results = new Counter({
    name: 'transcodes_total',
    help: 'Transcodes by result',
    labelNames: ['result'],
    registers: [metrics],
  });
  return (result) => results.inc({ result });
}
