import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import { parseScored } from '../lookup/ordered-set.ts';
import { type CacheFailure, readCached } from '../lookup/read-cached.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type Conversation, conversationName, parseConversationName } from './conversation.ts';
import { loadLastTime, loadMessages, type MessagesQuery } from './load.ts';
import { presentMessage } from './present.ts';

export interface MessageListOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  claim: Script;
  storeList: Script;
  onCacheFailure: CacheFailure;
}

/** A message in a list: its time, and itself as JSON text. */
export interface ListedMessage {
  createTime: number;
  text: string;
}

export type FindMessages = (conversation: Conversation, query: MessagesQuery) => Promise<ListedMessage[]>;

/** So many of a conversation's newest messages are cached when they are loaded; older ones come from the rows. */
export const cachedMessages = 250;

interface LoadedMessages {
  lastTime: number;
  messages: ListedMessage[];
}

/** Finds messages of a conversation, in order of time. */
export function createMessages(options: MessageListOptions): FindMessages {
  const { redis, db, keys, limitLoads, onCacheFailure } = options;
  const { messages: keyOf, messagesLease: leaseOf, changes: changesOf } = keys.chat;

  const loadTexts = async (conversation: Conversation, query: MessagesQuery): Promise<ListedMessage[]> => {
    const rows = await limitLoads(() => loadMessages(db, conversation, query));
    return rows.map((row) => ({ createTime: row.createTime, text: presentMessage(conversation, row) }));
  };
  const loadNewest = async (name: string): Promise<LoadedMessages> => {
    const conversation = parseConversationName(name);
    // First: the rows then hold all until this time, and what is later is told to the list.
    const lastTime = await loadLastTime(db, conversation);
    const messages = await loadTexts(conversation, { beforeTime: lastTime + 1, limit: cachedMessages + 1 });
    return { lastTime, messages };
  };
  const load = async (names: readonly string[]) =>
    new Map(await Promise.all(names.map(async (name) => [name, await loadNewest(name)] as const)));
  const store = async (name: string, loaded: LoadedMessages = { lastTime: 0, messages: [] }, token: string) => {
    const { lastTime, messages } = loaded;
    const floor = messages.length > cachedMessages ? (messages[0]?.createTime ?? 0) : 0;
    const entries = messages.slice(-cachedMessages).flatMap(({ createTime, text }) => [createTime, text]);
    const args = [token, withJitter(timeToLiveMs.messages), timeToLiveMs.doubt, floor, lastTime, ...entries];
    return (await options.storeList([keyOf(name), leaseOf(name), changesOf(name)], args)) === 1;
  };
  const fill = createFill({ keyOf, leaseOf, load, store }, options.claim);

  const rangeOf = (key: string, query: MessagesQuery) =>
    'afterTime' in query
      ? redis.zrangebyscore(key, `(${query.afterTime}`, '+inf', 'WITHSCORES', 'LIMIT', 0, query.limit)
      : redis.zrevrangebyscore(key, `(${query.beforeTime ?? '+inf'}`, '(0', 'WITHSCORES', 'LIMIT', 0, query.limit);

  /** Undefined when the conversation is not cached; null when the answer reaches below what is. */
  const read = async (conversation: Conversation, query: MessagesQuery) => {
    const key = keyOf(conversationName(conversation));
    const [reply, floorText] = await Promise.all([
      rangeOf(key, query),
      redis.zscore(key, 'floor'), // after the range: a list that was dropped in between is then noticed
    ]);
    if (floorText === null) return undefined;
    const floor = -Number(floorText);
    const messages = parseScored(reply, (text, createTime) => ({ text, createTime }));
    if ('afterTime' in query) return query.afterTime >= floor ? messages : null;
    return messages.length === query.limit || floor === 0 ? messages.reverse() : null;
  };

  return async (conversation, query) => {
    const cached = await readCached({
      read: () => read(conversation, query),
      fill: () => fill([conversationName(conversation)]),
      onCacheFailure,
    });
    return cached ?? loadTexts(conversation, query);
  };
}
