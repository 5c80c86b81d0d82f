import type { Knex } from 'knex';
import type { TopicId } from '../topics.ts';

/** Something that others must hear of, exactly if the transaction that decided it is committed. */
export interface OutboxEvent {
  /** From the id generator, drawn before the transaction: events of one key leave in the order of their ids. */
  id: number;
  topic: TopicId;
  key: string;
  payload: object;
}

/** Writes an event into the caller's transaction; a relay sends it to Kafka after the commit. */
export async function enqueue(trx: Knex.Transaction, { id, topic, key, payload }: OutboxEvent): Promise<void> {
  await trx('outbox').insert({
    id,
    topic,
    message_key: key,
    payload: JSON.stringify(payload),
    created_at: Date.now(),
  });
}
