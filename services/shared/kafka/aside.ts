import type { DeadLetter, RawMessage } from './message.ts';
import type { Producer } from './producer.ts';

interface AsideOptions {
  publish: Producer['publish'];
  retryTopic: string;
  deadLetterTopic: string;
  /** So often a message is tried from the topic of retries; then it is a dead letter. */
  maxRetries: number;
}

/** Where messages go that a consumer could not handle; each resolves when the message is safe there. */
export interface Aside {
  /** Has it tried again later, a bounded number of times. */
  retry: DeadLetter;
  /** Keeps it for people and for a replay. */
  keep: DeadLetter;
}

const attemptHeader = 'retry-attempt';
const originHeader = 'origin';
const reasonHeader = 'dead-letter-reason';

/** Puts messages aside with what is known of their failure: where they came from first, how often they were tried, why they failed. */
export function createAside({ publish, retryTopic, deadLetterTopic, maxRetries }: AsideOptions): Aside {
  const send = (topic: string, { key, value }: RawMessage, headers: Record<string, string>) =>
    publish(topic, [{ key, value, headers }]);

  const keep: DeadLetter = (raw, reason) =>
    send(deadLetterTopic, raw, { ...raw.headers, ...describeFailure(reason), [originHeader]: originOf(raw) });

  return {
    keep,
    retry: async (raw, reason) => {
      const attempt = Number(raw.headers[attemptHeader] ?? 0) + 1;
      if (attempt > maxRetries) return keep(raw, `${reason} (tried again ${maxRetries} times)`);
      const headers = { [attemptHeader]: String(attempt), [originHeader]: originOf(raw) };
      await send(retryTopic, raw, { ...raw.headers, ...headers });
    },
  };
}

const originOf = ({ headers, topic, partition, offset }: RawMessage): string =>
  headers[originHeader] ?? `${topic}/${partition}/${offset}`;

/** The headers that say why a message is a dead letter. */
export const describeFailure = (reason: string): Record<string, string> => ({ [reasonHeader]: reason });

/** Why a message is a dead letter. */
export const reasonOf = ({ headers }: RawMessage): string => headers[reasonHeader] ?? 'nobody knows why';
