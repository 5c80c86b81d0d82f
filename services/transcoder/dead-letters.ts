import { type Aside, createAside, describeFailure } from '../shared/kafka/aside.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { Producer } from '../shared/kafka/producer.ts';
import { topicName, type UploadEvent } from '../shared/topics.ts';

const maxHeaderLength = 4_000;
/** More than the row of an upload allows: this bounds what fails before it gets to its row. */
const maxRetries = 6;

/** Keeps what is given up, for people and for a replay. The connection is made by the first one: most processes never have any. */
export function createDeadLetters(kafka: Pick<KafkaPort, 'producer'>, topicPrefix: string) {
  const deadLetterTopic = topicName(topicPrefix, 'uploadsDeadLetter');
  let producer: Producer | undefined;

  const publish: Producer['publish'] = (topic, messages) => {
    producer ??= kafka.producer();
    return producer.publish(topic, messages);
  };
  const retryTopic = topicName(topicPrefix, 'uploadsRetry');

  return {
    /** Messages that cannot be read, and those that are to be tried again. */
    aside: createAside({ publish, retryTopic, deadLetterTopic, maxRetries }) satisfies Aside,

    /** An upload whose transcode failed too often, with the end of the tool's log. */
    keepUpload: ({ videoId, authorId }: UploadEvent, reason: string, log: string): Promise<void> =>
      publish(deadLetterTopic, [
        {
          key: String(videoId),
          value: JSON.stringify({ videoId, authorId } satisfies UploadEvent),
          headers: { ...describeFailure(reason), 'dead-letter-log': log.slice(-maxHeaderLength) },
        },
      ]),

    close: async (): Promise<void> => producer?.close(),
  };
}
