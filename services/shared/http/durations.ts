import type { Histogram } from 'prom-client';
import type { Metrics } from '../metrics.ts';

export interface Outcome {
  method: string;
  /** The pattern, never the path: so that the number of series is bounded. */
  route: string;
  code: string;
}

interface Series {
  labels: Outcome;
  /** By bucket; the last one holds what is slower than every bound. */
  counts: Float64Array;
  sumSeconds: number;
}

const name = 'http_request_duration_seconds';
const help = 'Time to answer a request, by route pattern and outcome ("ok" or the failure\'s code)';
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * A histogram of request times. prom-client's own checks, sorts and joins the labels at each observation, which costs
 * more than all else that is done to observe a request; here they are looked at when they are printed.
 */
export function createDurations(metrics: Metrics): (outcome: Outcome, seconds: number) => void {
  const series = new Map<string, Series>();
  const values = () => [...series.values()].flatMap(valuesOf);
  const get = async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: values() });
  metrics.registerMetric({ name, get, reset: () => series.clear() } as unknown as Histogram);
  const add = (key: string, labels: Outcome): Series => {
    const added = { labels, counts: new Float64Array(bounds.length + 1), sumSeconds: 0 };
    series.set(key, added);
    return added;
  };
  return (outcome, seconds) => {
    const key = `${outcome.method} ${outcome.route} ${outcome.code}`;
    const found = series.get(key) ?? add(key, outcome);
    const bucket = bucketOf(seconds);
    found.counts[bucket] = (found.counts[bucket] ?? 0) + 1;
    found.sumSeconds += seconds;
  };
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket += 1;
  return bucket;
}

/** In the form that a registry prints: `sharedLabels` are those of all lines of a series. */
function valuesOf({ labels: sharedLabels, counts, sumSeconds }: Series) {
  let count = 0;
  const buckets = [...counts].map((inBucket, index) => {
    count += inBucket;
    return { metricName: `${name}_bucket`, labels: { le: bounds[index] ?? '+Inf' }, sharedLabels, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, sharedLabels, value: sumSeconds },
    { metricName: `${name}_count`, sharedLabels, value: count },
  ];
}
