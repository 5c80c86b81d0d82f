import type { KafkaMessage } from 'kafkajs';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** A message as it lies in Kafka. */
export interface RawMessage {
  topic: string;
  partition: number;
  offset: string;
  key: string;
  value: string;
  timestampMs: number;
  headers: Record<string, string>;
}

/** A message whose value is what its schema says. */
export interface Received<Message> extends RawMessage {
  message: Message;
}

/** A message that is given up, with the reason; whoever gets it keeps it somewhere safe. */
export type DeadLetter = (message: RawMessage, reason: string) => Promise<void>;

export function rawMessage(topic: string, partition: number, message: KafkaMessage): RawMessage {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString() ?? '',
    value: message.value?.toString() ?? '',
    timestampMs: Number(message.timestamp),
    headers: Object.fromEntries(headers),
  };
}

/** The offset that a commit names: of the message after the one that is done. */
export const nextOffset = (offset: string): string => (BigInt(offset) + 1n).toString();

/** Reads values by a schema: the message, or why it cannot be read. */
export function createReader<Schema extends TSchema>(schema: Schema) {
  const validator = Compile(schema);
  return (raw: RawMessage): Received<Static<Schema>> | { unreadable: string } => {
    try {
      const message: unknown = JSON.parse(raw.value);
      if (validator.Check(message)) return { ...raw, message: message as Static<Schema> };
      const [first] = validator.Errors(message);
      return { unreadable: `the value does not follow its schema: ${first?.instancePath} ${first?.message}` };
    } catch {
      return { unreadable: 'the value is not JSON' };
    }
  };
}
