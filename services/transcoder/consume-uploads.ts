import type { KafkaPort } from '../shared/kafka/client.ts';
import type { Hold } from '../shared/kafka/held-consumer.ts';
import type { DeadLetter } from '../shared/kafka/message.ts';
import type { Logger } from '../shared/logger.ts';
import { topicName, UploadEvent } from '../shared/topics.ts';
import type { Work } from './job/work.ts';

interface UploadConsumption {
  kafka: KafkaPort;
  topicPrefix: string;
  work: Work;
  deadLetter: DeadLetter;
  logger: Logger;
}

const afterFailureMs = 5_000;
/** Two processes that wait for the end of one lease do not look at the same moment. */
const jitterMs = 1_000;

/**
 * Uploads from Kafka, one transcode at a time: ffmpeg uses all processors by itself. A message whose turn has not come
 * keeps its partition paused and its row unclaimed. The offset is committed when the row says how it ended.
 */
export function consumeUploads({ kafka, topicPrefix, work, deadLetter, logger }: UploadConsumption) {
  let stopping = false;
  let turn: Promise<void> = Promise.resolve();

  const lookAgainAfter = (ms: number, hold: Hold) => {
    const look = () => {
      if (!stopping) hold.lookAgain();
    };
    setTimeout(look, ms + Math.random() * jitterMs).unref();
  };

  const workOn = async (videoId: number, hold: Hold): Promise<void> => {
    if (stopping) return;
    try {
      const outcome = await work(videoId);
      // A process that stops has left its group: whoever owns the message now finds its row as it is, and commits.
      if (stopping) return;
      if (outcome === 'over') await hold.done();
      else lookAgainAfter(outcome.againAfterMs, hold);
    } catch (error) {
      logger.warn({ error, videoId }, 'an upload could not be worked on: it is looked at again');
      lookAgainAfter(afterFailureMs, hold);
    }
  };

  const consumer = kafka.consumeHeld({
    topic: topicName(topicPrefix, 'uploads'),
    group: `${topicPrefix}.transcoder`,
    schema: UploadEvent,
    receive: async ({ message }, hold) => {
      turn = turn.then(() => workOn(message.videoId, hold));
    },
    deadLetter,
  });

  return {
    joined: () => consumer.joined(),
    /** Leaves the group at once, so that others take what waits, and finishes the transcode in hand. */
    stop: async () => {
      stopping = true;
      await consumer.stop();
      await turn;
    },
  };
}
