import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { Static, TSchema } from 'typebox';
import type { Logger } from '../logger.ts';
import { type RunningConsumer, runConsumer, withHeartbeats } from './consumer-life.ts';
import { createReader, type DeadLetter, nextOffset, type RawMessage, type Received, rawMessage } from './message.ts';
import { type Liveness, persist } from './persistence.ts';

export interface BatchConsumption<Schema extends TSchema> {
  topic: string;
  group: string;
  schema: Schema;
  /** The effect of messages of one partition, in their order. Runs again for the same ones after a failure or a restart. */
  handleBatch(messages: readonly Received<Static<Schema>>[]): Promise<void>;
  /** Keeps what cannot be read. */
  deadLetter: DeadLetter;
  /** Takes what fails again and again by itself; without it that is a dead letter, too. */
  retryLater?: DeadLetter;
  /** Messages younger than this wait in the topic. */
  delayMs?: number;
  maxBatch?: number;
  fetchWaitMs?: number;
  partitionsAtOnce?: number;
}

/** A message that has failed so often by itself is put aside: the ones behind it wait for less than a second. */
const maxFailures = 5;

/**
 * At-least-once: offsets are committed after the effect. A dependency that cannot be reached is waited for in place;
 * a message that cannot be read, or that fails again and again by itself, is put aside, and the others go on.
 */
export function consumeBatches<Schema extends TSchema>(
  kafka: Kafka,
  consumption: BatchConsumption<Schema>,
  logger: Logger,
): RunningConsumer {
  const { topic, group, maxBatch = 1_000, fetchWaitMs = 2_000, partitionsAtOnce = 1, delayMs = 0 } = consumption;
  const { deadLetter, retryLater = deadLetter } = consumption;
  const read = createReader(consumption.schema);

  const putAside = async (raw: RawMessage, { keep, reason }: PutAside, alive: Liveness): Promise<void> => {
    const { partition, offset } = raw;
    logger.error({ topic, partition, offset, reason }, 'a message is put aside: it is tried later, or kept for people');
    await persist(() => keep(raw, reason), {
      alive,
      maxFailures: Number.POSITIVE_INFINITY,
      onFailure: (error) => logger.warn({ error, topic }, 'a message could not be put aside: it is tried again'),
    });
  };

  /** A batch that fails by itself is halved until the message that does it is alone; only that one is put aside. */
  const handle = async (messages: readonly Received<Static<Schema>>[], alive: Liveness): Promise<void> => {
    const [first] = messages;
    if (!first) return;
    const outcome = await persist(() => consumption.handleBatch(messages), {
      alive,
      maxFailures: messages.length === 1 ? maxFailures : 1,
      onFailure: (error, attempt) =>
        logger.warn({ error, topic, attempt }, 'messages could not be handled: they are tried again'),
    });
    if (outcome === true) return;
    if (messages.length === 1) return putAside(first, { keep: retryLater, reason: reasonOf(outcome.error) }, alive);
    const middle = Math.ceil(messages.length / 2);
    await handle(messages.slice(0, middle), alive);
    await handle(messages.slice(middle), alive);
  };

  const work = async (batch: readonly RawMessage[], alive: Liveness): Promise<void> => {
    const readable: Received<Static<Schema>>[] = [];
    for (const raw of batch) {
      const outcome = read(raw);
      if ('unreadable' in outcome) await putAside(raw, { keep: deadLetter, reason: outcome.unreadable }, alive);
      else readable.push(outcome);
    }
    await handle(readable, alive);
  };

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, heartbeat, isRunning, isStale } = payload;
    const alive: Liveness = { heartbeat, goesOn: () => isRunning() && !isStale() };
    const due = delayMs === 0 ? batch.messages : takeDue(payload, delayMs);
    for (let from = 0; from < due.length && alive.goesOn(); from += maxBatch) {
      const messages = due.slice(from, from + maxBatch);
      const raw = messages.map((message) => rawMessage(topic, batch.partition, message));
      await withHeartbeats(heartbeat, () => work(raw, alive));
      await commit(payload, raw);
    }
  };

  return runConsumer({ kafka, logger, topic, group, fetchWaitMs, partitionsAtOnce, eachBatch });
}

interface PutAside {
  keep: DeadLetter;
  reason: string;
}

/** The messages that are old enough; the partition stands still until the first of the others is. */
function takeDue({ batch, pause }: EachBatchPayload, delayMs: number): EachBatchPayload['batch']['messages'] {
  const dueInMs = ({ timestamp }: { timestamp: string }) => Number(timestamp) + delayMs - Date.now();
  const first = batch.messages.find((message) => dueInMs(message) > 0);
  if (!first) return batch.messages;
  const resume = pause();
  setTimeout(resume, dueInMs(first)).unref();
  return batch.messages.slice(0, batch.messages.indexOf(first));
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function commit(payload: EachBatchPayload, done: readonly RawMessage[]): Promise<void> {
  const last = done.at(-1);
  if (!last) return;
  payload.resolveOffset(last.offset);
  const partitions = [{ partition: last.partition, offset: nextOffset(last.offset) }];
  await payload.commitOffsetsIfNecessary({ topics: [{ topic: last.topic, partitions }] });
  await payload.heartbeat();
}
