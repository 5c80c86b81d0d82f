import { isTemporary } from '../shared/errors.ts';
import type { Aside } from '../shared/kafka/aside.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { RunningConsumer } from '../shared/kafka/consumer-life.ts';
import type { Hold } from '../shared/kafka/held-consumer.ts';
import type { Received } from '../shared/kafka/message.ts';
import type { Logger } from '../shared/logger.ts';
import { topicName, UploadEvent } from '../shared/topics.ts';
import type { Work } from './job/work.ts';

interface UploadConsumption {
  kafka: Pick<KafkaPort, 'consumeHeld'>;
  topicPrefix: string;
  work: Work;
  aside: Aside;
  logger: Logger;
  /** How long an upload that failed waits at least before it is tried again; its row may say more. */
  retryAfterMs?: number;
}

const afterFailureMs = 5_000;
/** Two processes that wait for the end of one lease do not look at the same moment. */
const jitterMs = 1_000;
/** Retries are seldom: their consumer need not ask often. */
const retryFetchWaitMs = 5_000;

/**
 * Uploads from Kafka, one transcode at a time: ffmpeg uses all processors by itself. A message whose turn has not come
 * keeps its partition paused and its row unclaimed. The offset is committed when the row says how it ended, or when the
 * message waits among the retries: one that fails does not hold up those behind it.
 */
export function consumeUploads({ retryAfterMs = 5_000, ...consumption }: UploadConsumption): RunningConsumer {
  const { kafka, topicPrefix, work, aside, logger } = consumption;
  let stopping = false;
  let turn: Promise<void> = Promise.resolve();

  const lookAgainAfter = (ms: number, hold: Hold) => {
    const look = () => {
      if (!stopping) hold.lookAgain();
    };
    setTimeout(look, ms + Math.random() * jitterMs).unref();
  };

  const retryLater = async (message: Received<UploadEvent>, hold: Hold, reason: string): Promise<void> => {
    await aside.retry(message, reason);
    await hold.done();
  };

  const workOn = async (message: Received<UploadEvent>, hold: Hold): Promise<void> => {
    const outcome = await work(message.message.videoId);
    // A process that stops has left its group: whoever owns the message now finds its row as it is, and commits.
    if (stopping) return;
    if (outcome === 'over') await hold.done();
    else if ('failed' in outcome) await retryLater(message, hold, outcome.failed);
    else lookAgainAfter(outcome.againAfterMs, hold);
  };

  /** A dependency that cannot be reached is waited for in place: the messages behind need it, too. */
  const recover = async (error: unknown, message: Received<UploadEvent>, hold: Hold): Promise<void> => {
    const { videoId } = message.message;
    logger.warn({ error, videoId }, 'an upload could not be worked on: it is looked at again');
    if (isTemporary(error) || stopping) return lookAgainAfter(afterFailureMs, hold);
    await retryLater(message, hold, String(error));
  };

  const takeTurn = async (message: Received<UploadEvent>, hold: Hold): Promise<void> => {
    if (stopping) return;
    await workOn(message, hold)
      .catch((error: unknown) => recover(error, message, hold))
      .catch(() => lookAgainAfter(afterFailureMs, hold));
  };

  const common = { schema: UploadEvent, deadLetter: aside.keep };
  const group = `${topicPrefix}.transcoder`;
  const consumers = [
    kafka.consumeHeld({
      ...common,
      topic: topicName(topicPrefix, 'uploads'),
      group,
      receive: async (message, hold) => {
        turn = turn.then(() => takeTurn(message, hold));
      },
    }),
    kafka.consumeHeld({
      ...common,
      topic: topicName(topicPrefix, 'uploadsRetry'),
      group: `${group}-retry`,
      fetchWaitMs: retryFetchWaitMs,
      receive: async (message, hold) => {
        const waitMs = message.timestampMs + retryAfterMs - Date.now();
        if (waitMs > 0) lookAgainAfter(waitMs, hold);
        else turn = turn.then(() => takeTurn(message, hold));
      },
    }),
  ];

  return {
    joined: () => consumers.every((consumer) => consumer.joined()),
    /** Leaves the groups at once, so that others take what waits, and finishes the transcode in hand. */
    stop: async () => {
      stopping = true;
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await turn;
    },
  };
}
