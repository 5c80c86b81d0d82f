/** Items that were handed over together and are settled together. */
interface Entry<Item> {
  items: readonly Item[];
  resolve(): void;
  reject(error: unknown): void;
}

interface Lane<Item> {
  waiting: Set<Entry<Item>>;
  waitingItems: number;
  sending: number;
  timer?: NodeJS.Timeout | undefined;
}

export interface AccumulatorOptions<Item> {
  send(topic: string, items: Item[]): Promise<void>;
  /** How long the first item waits for company. */
  lingerMs: number;
  /** As many items do not wait any longer. */
  batchItems: number;
  /** Sends of one topic at the same time; what comes meanwhile makes the next batch larger. */
  maxSending: number;
  /** Beyond it a topic takes no more: memory stays bounded while the broker is away. */
  maxWaitingItems: number;
  /** No answer within this time is a failure; what has not been sent by then never will be. */
  deadlineMs: number;
}

/** Turns many small publishes into few requests. A call settles when the request in which its items travelled is answered. */
export function createAccumulator<Item>(options: AccumulatorOptions<Item>) {
  const lanes = new Map<string, Lane<Item>>();

  const laneOf = (topic: string): Lane<Item> => {
    const known = lanes.get(topic);
    if (known) return known;
    const lane: Lane<Item> = { waiting: new Set(), waitingItems: 0, sending: 0 };
    lanes.set(topic, lane);
    return lane;
  };

  const remove = (lane: Lane<Item>, entry: Entry<Item>) => {
    if (lane.waiting.delete(entry)) lane.waitingItems -= entry.items.length;
  };

  const takeBatch = (lane: Lane<Item>): Entry<Item>[] => {
    const batch: Entry<Item>[] = [];
    let items = 0;
    for (const entry of lane.waiting) {
      if (items > 0 && items + entry.items.length > options.batchItems) break;
      batch.push(entry);
      items += entry.items.length;
      remove(lane, entry);
    }
    return batch;
  };

  const flush = (topic: string, lane: Lane<Item>) => {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    while (lane.waiting.size > 0 && lane.sending < options.maxSending) void sendBatch(topic, lane, takeBatch(lane));
  };

  const sendBatch = async (topic: string, lane: Lane<Item>, batch: Entry<Item>[]) => {
    lane.sending += 1;
    try {
      await options.send(
        topic,
        batch.flatMap((entry) => entry.items),
      );
      for (const entry of batch) entry.resolve();
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    } finally {
      lane.sending -= 1;
      flush(topic, lane);
    }
  };

  return {
    add: (topic: string, items: readonly Item[]): Promise<void> =>
      new Promise((resolve, reject) => {
        if (items.length === 0) return resolve();
        const lane = laneOf(topic);
        if (lane.waitingItems >= options.maxWaitingItems) return reject(new Error('too much waits to be sent'));
        const deadline = setTimeout(() => {
          remove(lane, entry);
          reject(new Error(`no answer within ${options.deadlineMs} ms`));
        }, options.deadlineMs);
        const settle = (outcome: () => void) => {
          clearTimeout(deadline);
          outcome();
        };
        const entry: Entry<Item> = {
          items,
          resolve: () => settle(resolve),
          reject: (error) => settle(() => reject(error)),
        };
        lane.waiting.add(entry);
        lane.waitingItems += items.length;
        if (lane.waitingItems >= options.batchItems) flush(topic, lane);
        else lane.timer ??= setTimeout(() => flush(topic, lane), options.lingerMs);
      }),
  };
}
