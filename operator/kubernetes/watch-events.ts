import { KubernetesError, type Status } from './errors.ts';
import type { Live, LiveMeta } from './objects.ts';

/** What a watch tells: a change of one object, or, with a bookmark, how far it has got. */
export type WatchEvent<T extends object = object> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Live<T> }
  | { type: 'BOOKMARK'; resourceVersion: string };

/** A line of a watch that cannot be understood. What it would have said is lost, so the watch must start again. */
export class GarbledWatchError extends Error {
  override readonly name = 'GarbledWatchError';
}

/** Cuts a stream of bytes into its lines; a last line without an end is a cut-off one and is an error. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n');
    pieces.push(first);
    for (const next of rest) {
      yield pieces.join('');
      pieces = [next];
    }
  }
  if (pieces.some((piece) => piece.trim())) throw new GarbledWatchError('the watch ended in the middle of an event');
}

/** The event of one line. Throws the server's error for an ERROR event, and GarbledWatchError for nonsense. */
export function parseWatchEvent<T extends object>(line: string, call: string): WatchEvent<T> {
  const { type, object } = parseLine(line);
  if (type === 'ERROR') throw new KubernetesError(call, (object ?? {}) as Status);
  const meta = (object as { metadata?: Partial<LiveMeta> } | undefined)?.metadata;
  if (!meta?.resourceVersion) throw new GarbledWatchError(`a ${type ?? 'nameless'} event of the watch has no version`);
  if (type === 'BOOKMARK') return { type, resourceVersion: meta.resourceVersion };
  if (!meta.name || (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED'))
    throw new GarbledWatchError(`the watch sent an event that is none: ${String(type).slice(0, 40)}`);
  return { type, object: object as Live<T> };
}

function parseLine(line: string): { type?: string; object?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Falls through: the parser's message would quote the line.
  }
  throw new GarbledWatchError('the watch sent a line that is not a JSON object');
}
