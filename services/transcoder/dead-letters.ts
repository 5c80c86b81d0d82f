import type { KafkaPort } from '../shared/kafka/client.ts';
import type { DeadLetter } from '../shared/kafka/message.ts';
import type { Producer } from '../shared/kafka/producer.ts';
import { topicName, type UploadEvent } from '../shared/topics.ts';

const maxHeaderLength = 4_000;

/** Keeps what is given up, for people and for a replay. The connection is made by the first one: most processes never have any. */
export function createDeadLetters(kafka: Pick<KafkaPort, 'producer'>, topicPrefix: string) {
  const topic = topicName(topicPrefix, 'uploadsDeadLetter');
  let producer: Producer | undefined;

  const publish = (key: string, value: string, headers: Record<string, string>): Promise<void> => {
    producer ??= kafka.producer();
    return producer.publish(topic, [{ key, value, headers }]);
  };

  return {
    /** A message that cannot be read. */
    keepMessage: (async ({ key, value, headers, ...origin }, reason) =>
      publish(key, value, {
        ...headers,
        'dead-letter-reason': reason,
        'dead-letter-origin': `${origin.topic}/${origin.partition}/${origin.offset}`,
      })) satisfies DeadLetter,

    /** An upload whose transcode failed too often, with the end of the tool's log. */
    keepUpload: ({ videoId, authorId }: UploadEvent, reason: string, log: string): Promise<void> =>
      publish(String(videoId), JSON.stringify({ videoId, authorId } satisfies UploadEvent), {
        'dead-letter-reason': reason,
        'dead-letter-log': log.slice(-maxHeaderLength),
      }),

    close: async (): Promise<void> => producer?.close(),
  };
}
