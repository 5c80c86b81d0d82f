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

/**
 * The rows of messages. Whoever writes holds the conversation's row, so that times grow in the order of the commits. Nothing
 * is written before it is held: MariaDB gives a transaction its number at its first write, and a read that begins meanwhile
 * may see one with a later number and miss the earlier one, which is committed a moment before.
 */
export const createMessageRows = ({ db, now = Date.now }: { db: Knex; now?: () => number }): MessageRows => {
  /** Undefined when there is no such conversation yet. */
  const write = ({ id, conversation, fromUser, content }: NewMessage): Promise<SentMessage | undefined> =>
    transact(db, async (trx) => {
      const pair = pairOf(conversation);
      const row: { last_time: number } | undefined = await trx('conversation')
        .where(pair)
        .forUpdate()
        .first('last_time');
      if (!row) return undefined;
      const createTime = Math.max(row.last_time + 1, now());
      await trx('message').insert({ id, ...pair, from_user: fromUser, content, create_time: createTime });
      await trx('conversation').where(pair).update({ last_time: createTime, last_message_id: id });
      return { conversation, previousTime: row.last_time, message: { id, fromUser, content, createTime } };
    });

  return {
    add: async (message) => {
      const sent = await write(message);
      if (sent) return sent;
      await db('conversation').insert(pairOf(message.conversation)).onConflict(['low_user', 'high_user']).ignore();
      const first = await write(message);
      if (!first) throw new Error('a conversation that was just made is not there');
      return first;
    },
  };
};

const pairOf = ({ lowUser, highUser }: Conversation) => ({ low_user: lowUser, high_user: highUser });
