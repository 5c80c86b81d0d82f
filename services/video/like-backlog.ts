import { ApiError } from '../shared/errors.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { Logger } from '../shared/logger.ts';
import { likeWriterGroup, topicName } from '../shared/topics.ts';
import type { LikeEvents } from './like-events.ts';

interface LikeBacklogOptions {
  kafka: Pick<KafkaPort, 'backlog'>;
  topicPrefix: string;
  /** How long Kafka keeps a like, written or not. */
  retentionHours: number;
  logger: Logger;
  everyMs?: number;
}

export interface LikeBacklog {
  /** Whether likes wait for so long to be written that Kafka is about to forget them. */
  isTooOld(): boolean;
  close(): void;
}

/** When the oldest like that is not written has used up so much of its retention, no more are taken. */
const tolerableShare = 0.8;
const hourMs = 3_600_000;

/** Looks now and then how long likes have been waiting. What is not known is assumed to be as it was. */
export function watchLikeBacklog(options: LikeBacklogOptions): LikeBacklog {
  const { kafka, topicPrefix, retentionHours, logger, everyMs = 60_000 } = options;
  const query = { topic: topicName(topicPrefix, 'likes'), group: likeWriterGroup(topicPrefix) };
  let isTooOld = false;

  const look = async () => {
    try {
      const beforeMs = Date.now() - retentionHours * hourMs * tolerableShare;
      const old = await kafka.backlog({ ...query, beforeMs });
      if (old.length > 0 && !isTooOld) {
        logger.error(
          { ...query },
          'likes are refused: those in Kafka would be lost soon, see why the like writer lags',
        );
      }
      if (old.length === 0 && isTooOld) logger.info('likes are taken again');
      isTooOld = old.length > 0;
    } catch (error) {
      logger.warn({ error, ...query }, 'the age of likes that wait to be written is not known now');
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const closed = new AbortController();
  const lookAgain = async () => {
    await look();
    if (closed.signal.aborted) return;
    timer = setTimeout(() => void lookAgain(), everyMs * (0.9 + Math.random() / 5)).unref();
  };
  void lookAgain();
  return {
    isTooOld: () => isTooOld,
    close: () => {
      closed.abort();
      clearTimeout(timer);
    },
  };
}

/** Takes no like while those of before are about to be lost. */
export const refuseWhileBehind = (likeEvents: LikeEvents, backlog: Pick<LikeBacklog, 'isTooOld'>): LikeEvents => ({
  publish: async (like) => {
    if (backlog.isTooOld()) {
      const message = 'likes are not taken now, too many of before wait to be written: try again later';
      throw new ApiError('unavailable', message, { retryAfterSeconds: 60 });
    }
    await likeEvents.publish(like);
  },
});
