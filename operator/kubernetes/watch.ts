import type { Caller } from './caller.ts';
import type { WatchQuery } from './client-types.ts';
import type { Clock } from './clock.ts';
import { ConnectionError } from './errors.ts';
import { acceptOf } from './media-types.ts';
import { pathOf, type Resource } from './resources.ts';
import { linesOf, parseWatchEvent, type WatchEvent } from './watch-events.ts';

/** A watch on which nothing came for so long that the connection must be dead. */
export class SilentWatchError extends Error {
  override readonly name = 'SilentWatchError';
}

/** Yields the events of one watch until the server ends it. Throws when it breaks, goes silent or makes no sense. */
export async function* openWatch<T extends object>(
  { caller, clock }: { caller: Caller; clock: Clock },
  resource: Resource<T>,
  query: WatchQuery,
): AsyncGenerator<WatchEvent<T>> {
  const path = pathOf(resource, { namespace: query.namespace });
  const call = `WATCH ${path}`;
  const life = watchLife(query, clock, call);
  try {
    const answer = await caller.open(
      {
        method: 'GET',
        path,
        query: {
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: query.resourceVersion,
          timeoutSeconds: query.timeoutSeconds,
          labelSelector: query.labelSelector,
          fieldSelector: query.fieldSelector,
        },
        accept: acceptOf('PartialObjectMetadata', query.metadataOnly),
        repeatable: true,
      },
      life.signal,
    );
    for await (const line of linesOf(life.observe(answer.body))) {
      if (line.trim()) yield parseWatchEvent<T>(line, call);
    }
  } finally {
    life.end();
  }
}

/** The signal that ends a watch, from outside or out of silence; nothing is left behind by `end`. */
function watchLife({ signal, silenceSeconds }: WatchQuery, clock: Clock, call: string) {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  let lastSignOfLifeMs = clock.monotonicMs();
  let cancel = () => {};

  // One timer that looks at the time of the last byte, instead of a timer for each byte.
  const arm = (delayMs: number) => {
    cancel = clock.schedule(delayMs, () => {
      const leftMs = lastSignOfLifeMs + silenceSeconds * 1000 - clock.monotonicMs();
      if (leftMs > 0) arm(leftMs);
      else controller.abort(new SilentWatchError(`${call} was silent for ${silenceSeconds} s`));
    });
  };

  if (signal.aborted) follow();
  signal.addEventListener('abort', follow);
  arm(silenceSeconds * 1000);

  return {
    signal: controller.signal,
    observe: async function* (body: AsyncIterable<Buffer>) {
      try {
        for await (const chunk of body) {
          lastSignOfLifeMs = clock.monotonicMs();
          yield chunk;
        }
      } catch (error) {
        throw controller.signal.aborted ? controller.signal.reason : new ConnectionError(call, error);
      }
    },
    end: () => {
      cancel();
      signal.removeEventListener('abort', follow);
      controller.abort();
    },
  };
}
