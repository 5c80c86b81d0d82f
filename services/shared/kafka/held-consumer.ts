import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Static, TSchema } from 'typebox';
import type { Logger } from '../logger.ts';
import { type RunningConsumer, runConsumer } from './consumer-life.ts';
import { createReader, type DeadLetter, nextOffset, type RawMessage, type Received, rawMessage } from './message.ts';

/** A message in hand: its partition stands still until one of the two is called, for as long as it takes. */
export interface Hold {
  /** The work is over for good: the offset is committed and the partition goes on. */
  done(): Promise<void>;
  /** Delivers the same message again, for instance when somebody else's lease on it ends. */
  lookAgain(): void;
}

export interface HeldConsumption<Schema extends TSchema> {
  topic: string;
  group: string;
  schema: Schema;
  /**
   * Takes a message and returns soon; long work goes on after it has returned. A failure here delivers the message
   * again after a moment.
   */
  receive(message: Received<Static<Schema>>, hold: Hold): Promise<void>;
  deadLetter: DeadLetter;
  fetchWaitMs?: number;
}

const againAfterFailureMs = 2_000;

/**
 * For work that outlives Kafka's patience: the handler does not wait for it, the partition is paused and the membership
 * is kept by heartbeats meanwhile. What is uncommitted when the process dies is delivered to another member.
 */
export function consumeHeld<Schema extends TSchema>(
  kafka: Kafka,
  consumption: HeldConsumption<Schema>,
  logger: Logger,
): RunningConsumer {
  const { topic, group, fetchWaitMs = 1_000 } = consumption;
  const read = createReader(consumption.schema);
  const held = new Map<number, string>();
  let assigned: readonly number[] = [];
  let consumer: Consumer | undefined;

  /** Lets the partition go on from an offset. Without an assignment there is nothing to move: its owner starts from the commit. */
  const goOnFrom = (partition: number, offset: string) => {
    held.delete(partition);
    if (assigned.includes(partition)) consumer?.seek({ topic, partition, offset });
    consumer?.resume([{ topic, partitions: [partition] }]);
  };

  const holdOf = (raw: RawMessage): Hold => {
    const { partition, offset } = raw;
    const isHeld = () => held.get(partition) === offset;
    return {
      done: async () => {
        if (!isHeld()) return;
        const next = nextOffset(offset);
        try {
          if (assigned.includes(partition)) await consumer?.commitOffsets([{ topic, partition, offset: next }]);
        } catch (error) {
          logger.warn(
            { error, topic, partition, offset },
            'a finished message could not be committed: it will come again',
          );
        }
        goOnFrom(partition, next);
      },
      lookAgain: () => {
        if (isHeld()) goOnFrom(partition, offset);
      },
    };
  };

  const deliver = async (raw: RawMessage): Promise<void> => {
    const hold = holdOf(raw);
    try {
      const outcome = read(raw);
      if (!('unreadable' in outcome)) return await consumption.receive(outcome as Received<Static<Schema>>, hold);
      logger.error(
        { topic, partition: raw.partition, offset: raw.offset, reason: outcome.unreadable },
        'a message cannot be read: it is kept as a dead letter',
      );
      await consumption.deadLetter(raw, outcome.unreadable);
      await hold.done();
    } catch (error) {
      logger.warn(
        { error, topic, partition: raw.partition, offset: raw.offset },
        'a message could not be taken: it is delivered again',
      );
      setTimeout(() => hold.lookAgain(), againAfterFailureMs);
    }
  };

  const eachBatch = async ({ batch, pause, heartbeat }: EachBatchPayload, current: Consumer): Promise<void> => {
    consumer = current;
    const [first] = batch.messages;
    if (!first) return;
    pause();
    if (held.get(batch.partition) === first.offset) return; // redelivered after a rebalance, its work goes on
    held.set(batch.partition, first.offset);
    await deliver(rawMessage(topic, batch.partition, first));
    await heartbeat();
  };

  return runConsumer({
    kafka,
    logger,
    topic,
    group,
    fetchWaitMs,
    partitionsAtOnce: 1,
    eachBatch,
    onAssigned: (partitions, current) => {
      assigned = partitions;
      // A partition that is lost must not stay paused here: when it comes back, its message says where it stands.
      const lost = [...held.keys()].filter((partition) => !partitions.includes(partition));
      if (lost.length > 0) current.resume([{ topic, partitions: lost }]);
    },
  });
}
