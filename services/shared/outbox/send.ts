import type { Knex } from 'knex';
import type { OutgoingMessage, Producer } from '../kafka/producer.ts';
import { type TopicId, topicName } from '../topics.ts';

interface Row {
  id: number;
  topic: TopicId;
  message_key: string;
  /** MySQL hands out parsed JSON, MariaDB its text. */
  payload: unknown;
}

interface Sending {
  db: Knex;
  producer: Pick<Producer, 'publish'>;
  topicPrefix: string;
}

const batchRows = 100;

/**
 * Sends one batch and marks it, in one transaction: a process that dies in between leaves the rows unsent, and Kafka may
 * get them twice. Returns how many were sent.
 */
export async function sendSome({ db, producer, topicPrefix }: Sending): Promise<number> {
  if (!(await hasUnsent(db))) return 0;
  return db.transaction(async (trx) => {
    const locked = await lockUnsent(trx);
    const rows = await withoutOvertaking(trx, locked);
    if (rows.length === 0) return 0;
    for (const [topic, messages] of byTopic(rows)) await producer.publish(topicName(topicPrefix, topic), messages);
    const ids = rows.map(({ id }) => id);
    await trx('outbox').whereIn('id', ids).update({ sent_at: Date.now() });
    return rows.length;
  });
}

/** Deletes events that were sent before a time, few at a time. */
export async function pruneSent(db: Knex, beforeMs: number): Promise<void> {
  const few = 1_000;
  for (let deleted = few; deleted === few; ) {
    deleted = await db('outbox').where('sent_at', '<', beforeMs).orderBy('sent_at').limit(few).delete();
  }
}

/** The question of an idle relay: it takes no lock and no transaction. */
const hasUnsent = async (db: Knex): Promise<boolean> =>
  (await db('outbox').whereNull('sent_at').first('id')) !== undefined;

const lockUnsent = (trx: Knex.Transaction): Promise<Row[]> =>
  trx('outbox')
    .whereNull('sent_at')
    .orderBy('id')
    .limit(batchRows)
    .forUpdate()
    .skipLocked()
    .select('id', 'topic', 'message_key', 'payload');

/** Leaves out events whose key has an earlier one in the hands of another relay: those of one key leave in order. */
async function withoutOvertaking(trx: Knex.Transaction, rows: Row[]): Promise<Row[]> {
  const last = rows.at(-1);
  if (!last) return [];
  const ours = rows.map(({ id }) => id);
  const others: Row[] = await trx('outbox')
    .whereNull('sent_at')
    .where('id', '<', last.id)
    .whereNotIn('id', ours)
    .select('id', 'topic', 'message_key');
  return rows.filter((row) => !others.some((other) => other.id < row.id && haveSameKey(other, row)));
}

const haveSameKey = (one: Row, other: Row): boolean =>
  one.topic === other.topic && one.message_key === other.message_key;

function byTopic(rows: readonly Row[]): Map<TopicId, OutgoingMessage[]> {
  const messages = new Map<TopicId, OutgoingMessage[]>();
  for (const { topic, message_key, payload } of rows) {
    const value = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const known = messages.get(topic) ?? [];
    messages.set(topic, [...known, { key: message_key, value }]);
  }
  return messages;
}
