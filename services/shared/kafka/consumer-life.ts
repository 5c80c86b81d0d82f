import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Logger } from '../logger.ts';

/** A consumer that runs until it is stopped, whatever happens to the broker. */
export interface RunningConsumer {
  /** Whether it is a member of its group now. */
  joined(): boolean;
  /** Finishes the batch in hand, commits what is done, leaves the group. */
  stop(): Promise<void>;
}

export interface ConsumerLife {
  kafka: Kafka;
  logger: Logger;
  topic: string;
  group: string;
  /**
   * How long a fetch waits at the broker for something to come. Messages are delivered at once whatever it is; it
   * bounds how soon a resumed partition is fetched again and how long a stop takes.
   */
  fetchWaitMs: number;
  partitionsAtOnce: number;
  eachBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void>;
  onAssigned?(partitions: readonly number[], consumer: Consumer): void;
}

/** The messages of a member that dies without a word are handed to another one after this time. */
const sessionTimeoutMs = 10_000;
/** A rebalance waits so long for members that are busy. */
const rebalanceTimeoutMs = 20_000;
const heartbeatMs = 3_000;
/** A consumer that has not heard of its group for so long hangs, and is replaced. */
const silenceMs = 60_000;
const watchMs = 15_000;
const maxBackoffMs = 10_000;

/** Runs a consumer for ever: one that ends for any reason is replaced after a growing pause. */
export function runConsumer(life: ConsumerLife): RunningConsumer {
  const stopping = new AbortController();
  let current: Consumer | undefined;
  let joined = false;
  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const consumer = newConsumer(life);
      current = consumer;
      const ended = untilItEnds(consumer, {
        joined: (partitions) => {
          joined = true;
          failures = 0;
          life.onAssigned?.(partitions, consumer);
        },
        stopping: stopping.signal,
      });
      const reason = await Promise.race([start(consumer, life).then(() => ended), ended]).catch(
        (error: unknown) => error,
      );
      joined = false;
      if (stopping.signal.aborted) return;
      life.logger.warn({ error: reason, group: life.group }, 'a consumer ended: it is replaced');
      await consumer.disconnect().catch(() => undefined);
      const backoffMs = Math.min(500 * 2 ** failures, maxBackoffMs);
      await pause(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    joined: () => joined,
    stop: async () => {
      stopping.abort();
      await current
        ?.disconnect()
        .catch((error: unknown) => life.logger.warn({ error }, 'a consumer could not leave its group'));
      await running;
    },
  };
}

const newConsumer = ({ kafka, group, fetchWaitMs }: ConsumerLife): Consumer =>
  kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: fetchWaitMs,
    minBytes: 1,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 5_000, restartOnFailure: async () => false },
  });

async function start(consumer: Consumer, life: ConsumerLife): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [life.topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: life.partitionsAtOnce,
    eachBatch: (payload) => life.eachBatch(payload, consumer),
  });
}

/** Resolves with the reason when the consumer has crashed or has fallen silent; also when a stop is asked for. */
const untilItEnds = (
  consumer: Consumer,
  { joined, stopping }: { joined: (partitions: readonly number[]) => void; stopping: AbortSignal },
): Promise<unknown> =>
  new Promise((resolve) => {
    let heardMs = performance.now();
    const hear = () => {
      heardMs = performance.now();
    };
    const watch = setInterval(() => {
      if (performance.now() - heardMs > silenceMs) finish(new Error(`nothing heard of the group for ${silenceMs} ms`));
    }, watchMs);
    const finish = (reason: unknown) => {
      clearInterval(watch);
      resolve(reason);
    };
    stopping.addEventListener('abort', () => finish(undefined), { once: true });
    consumer.on('consumer.crash', ({ payload }) => finish(payload.error));
    consumer.on('consumer.heartbeat', hear);
    consumer.on('consumer.fetch', hear);
    consumer.on('consumer.group_join', ({ payload }) => {
      hear();
      joined(Object.values(payload.memberAssignment).flat());
    });
  });

/** Keeps the membership while a piece of work takes long. */
export async function withHeartbeats<Result>(
  heartbeat: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
