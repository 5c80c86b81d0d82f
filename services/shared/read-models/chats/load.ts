import type { Knex } from '../../mysql/database.ts';
import { type Conversation, conversationName, conversationOf } from './conversation.ts';

/** A message as its row holds it. */
export interface MessageRow {
  id: number;
  fromUser: number;
  content: string;
  /** Unique in the conversation, and later than every one that was visible before, in ms. */
  createTime: number;
}

const columns = { id: 'id', fromUser: 'from_user', content: 'content', createTime: 'create_time' };

/** Messages after or before a time, in order of time: one range of an index. */
export async function loadMessages(
  db: Knex,
  { lowUser, highUser }: Conversation,
  query: MessagesQuery,
): Promise<MessageRow[]> {
  const rows = db('message').where({ low_user: lowUser, high_user: highUser }).select(columns).limit(query.limit);
  if ('afterTime' in query) return rows.where('create_time', '>', query.afterTime).orderBy('create_time');
  const { beforeTime = Number.MAX_SAFE_INTEGER } = query;
  return (await rows.where('create_time', '<', beforeTime).orderBy('create_time', 'desc')).reverse();
}

/** The first ones after a time, or the last ones before one. */
export type MessagesQuery = { limit: number } & ({ afterTime: number } | { beforeTime?: number | undefined });

/** The time of a conversation's last message, 0 when there is none: rows that are read later hold all until then. */
export async function loadLastTime(db: Knex, { lowUser, highUser }: Conversation): Promise<number> {
  const row: { last_time: number } | undefined = await db('conversation')
    .where({ low_user: lowUser, high_user: highUser })
    .first('last_time');
  return row?.last_time ?? 0;
}

/** The newest message with each of some users: two look-ups by primary keys, both where the conversation lies. Those without one have no entry. */
export async function loadNewest(
  db: Knex,
  userId: number,
  otherIds: readonly number[],
): Promise<Map<number, MessageRow>> {
  const conversations = otherIds.map((otherId) => conversationOf(userId, otherId));
  const rows: (MessageRow & { lowUser: number; highUser: number })[] = await db('conversation')
    .join('message', {
      'message.low_user': 'conversation.low_user',
      'message.high_user': 'conversation.high_user',
      'message.create_time': 'conversation.last_time',
    })
    .whereIn(
      ['conversation.low_user', 'conversation.high_user'],
      conversations.map(({ lowUser, highUser }) => [lowUser, highUser]),
    )
    .select({
      lowUser: 'conversation.low_user',
      highUser: 'conversation.high_user',
      id: 'message.id',
      fromUser: 'message.from_user',
      content: 'message.content',
      createTime: 'message.create_time',
    });
  const rowByName = new Map(rows.map((row) => [conversationName(row), row]));
  return new Map(
    otherIds.flatMap((otherId) => {
      const row = rowByName.get(conversationName(conversationOf(userId, otherId)));
      return row ? [[otherId, row] as const] : [];
    }),
  );
}
