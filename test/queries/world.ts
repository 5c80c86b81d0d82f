import { fillDataSet } from '../../bench/api/data-set.ts';
import type { Knex } from '../../services/shared/mysql/database.ts';

/** What the queries are asked about: the users and videos of a data set, the busiest and most popular first. */
export interface World {
  db: Knex;
  userIds: readonly [number, ...number[]];
  videoIds: readonly [number, ...number[]];
  /** Makes an id that no row has. */
  nextId: () => number;
}

const conversations = 200;
const messagesEach = 50;
const rowsOfTheRest = 3_000;

/** Data set M, and rows of the tables that it leaves empty, so that an index is worth using everywhere. */
export async function fillWorld(db: Knex): Promise<World> {
  const { userIds, videoIds } = await fillDataSet(db, 'M');
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  const [user, video] = [userIds[0], videoIds[0]];
  if (user === undefined || video === undefined) throw new Error('the data set is empty');
  await fillChats(db, user, userIds.slice(1, conversations + 1), nextId);
  await db.batchInsert(
    'conversation',
    userIds.slice(1).map((id, index) => ({ low_user: id, high_user: id + index + 1 })), // of other users
    1_000,
  );
  await fillQueues(db, { authorId: user, nextId });
  await db.raw('ANALYZE TABLE conversation, message, revocation, outbox, upload, video');
  return { db, userIds: [user, ...userIds.slice(1)], videoIds: [video, ...videoIds.slice(1)], nextId };
}

async function fillChats(db: Knex, userId: number, others: readonly number[], nextId: () => number): Promise<void> {
  const pairs = others.map((other) => ({ low_user: Math.min(userId, other), high_user: Math.max(userId, other) }));
  const messages = pairs.flatMap((pair) =>
    Array.from({ length: messagesEach }, (_, index) => ({
      ...{ ...pair, id: nextId(), from_user: userId, content: 'hello', create_time: index + 1 },
    })),
  );
  const last = (index: number) => messages[(index + 1) * messagesEach - 1]?.id ?? 0;
  await db.batchInsert('message', messages, 1_000);
  await db('conversation').insert(
    pairs.map((pair, index) => ({ ...pair, last_time: messagesEach, last_message_id: last(index) })),
  );
}

/** Work that is done, and a little that is waiting. */
async function fillQueues(db: Knex, { authorId, nextId }: { authorId: number; nextId: () => number }): Promise<void> {
  const ids = Array.from({ length: rowsOfTheRest }, nextId);
  const isDone = (index: number) => index < rowsOfTheRest - 50;
  const tables = {
    outbox: ids.map((id, index) => ({
      ...{ id, topic: 'uploads', message_key: String(id), payload: '{}', created_at: 1 },
      sent_at: isDone(index) ? index + 1 : null,
    })),
    revocation: ids.map((id, index) => ({ id, user_id: authorId, token_id: `token-${id}`, expires_at: index })),
    video: ids.map((id) => ({ id, author_id: authorId, state: 'processing', original_path: 'o', created_at: 1 })),
    upload: ids.map((video_id, index) => ({
      ...{ video_id, state: isDone(index) ? 'done' : 'queued', created_at: 1, updated_at: 1 },
    })),
  };
  for (const [table, rows] of Object.entries(tables)) await db.batchInsert(table, rows, 1_000);
}
