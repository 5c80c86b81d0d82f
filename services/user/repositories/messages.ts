import { type Knex, transact } from '../../shared/mysql/database.ts';
import type { Conversation, SentMessage } from '../../shared/read-models/index.ts';

interface NewMessage {
  id: number;
  conversation: Conversation;
  fromUser: number;
  content: string;
}

export interface MessageRows {
  /** Writes a message with the next time of its conversation. Both users exist. */
  add(message: NewMessage): Promise<SentMessage>;
}

/** The rows of messages. Whoever writes holds the conversation's row, so that times grow in the order of the commits. */
export const createMessageRows = ({ db, now = Date.now }: { db: Knex; now?: () => number }): MessageRows => ({
  add: ({ id, conversation, fromUser, content }) =>
    transact(db, async (trx) => {
      const pair = { low_user: conversation.lowUser, high_user: conversation.highUser };
      const previousTime = await lockLastTime(trx, pair);
      const createTime = Math.max(previousTime + 1, now());
      await trx('message').insert({ id, ...pair, from_user: fromUser, content, create_time: createTime });
      await trx('conversation').where(pair).update({ last_time: createTime, last_message_id: id });
      return { conversation, previousTime, message: { id, fromUser, content, createTime } };
    }),
});

async function lockLastTime(trx: Knex, pair: { low_user: number; high_user: number }): Promise<number> {
  const lock = (): Promise<{ last_time: number } | undefined> =>
    trx('conversation').where(pair).forUpdate().first('last_time');
  const locked = await lock();
  if (locked) return locked.last_time;
  await trx('conversation').insert(pair).onConflict(['low_user', 'high_user']).ignore();
  const created = await lock(); // of a first message: its conversation cannot be locked before it is there
  if (!created) throw new Error('a conversation that was just made cannot be locked');
  return created.last_time;
}
