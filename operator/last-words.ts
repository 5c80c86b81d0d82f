import type { V1Pod } from '@kubernetes/client-node';
import type { Live } from './kubernetes/objects.ts';

/** What the pod that failed last has said at its end: the message of its last line, which is a JSON object of our logger's. */
export function lastWords(pods: readonly Live<V1Pod>[]): string | undefined {
  const ends = pods
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ state }) => state?.terminated ?? []);
  const failures = ends.filter(({ exitCode }) => exitCode !== 0);
  const last = failures.toSorted((one, other) => ((one.finishedAt ?? '') < (other.finishedAt ?? '') ? -1 : 1)).at(-1);
  const line = last?.message?.trim().split('\n').at(-1);
  return line === undefined ? undefined : messageOf(line);
}

/** Something else than our logger may write too: the line as it is, then. */
function messageOf(line: string): string {
  try {
    const { msg } = JSON.parse(line);
    return typeof msg === 'string' ? msg.replace(/^the process ends: /, '') : line;
  } catch {
    return line;
  }
}
