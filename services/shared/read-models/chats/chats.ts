import { randomUUID } from 'node:crypto';
import type { Scripts } from '../../redis/scripts.ts';
import type { Announce } from '../announce.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type Conversation, conversationName } from './conversation.ts';
import type { MessageRow } from './load.ts';
import { cachedMessages, createMessages, type FindMessages, type MessageListOptions } from './messages.ts';
import { createNewest, type FindNewest, newestText } from './newest.ts';
import { presentMessage } from './present.ts';

/** The scripts of this folder. */
export const chatScripts = ['append', 'note-newest', 'store'] as const;

/** A message that is written. */
export interface SentMessage {
  conversation: Conversation;
  message: MessageRow;
  /** Time of the message before it in the conversation, 0 for the first. */
  previousTime: number;
}

/** May be awaited again when the transaction has to be repeated. */
export type BeforeMessageCommit = () => Promise<void>;

interface ChatsOptions extends Omit<MessageListOptions, 'storeMessages'> {
  scripts: Scripts<(typeof chatScripts)[number]>;
  announce: Announce;
}

export interface Chats {
  /** Messages of a conversation, in order of time. */
  messages: FindMessages;
  /** The newest message with each of some users. */
  newest: FindNewest;
  /**
   * Runs a transaction that writes a message, and tells what is cached of it. Right before its commit it awaits
   * `beforeCommit`: what is cached then ends within seconds unless the rest is told. Rejects, with nothing written, when
   * Redis is away by then.
   */
  send: (
    conversation: Conversation,
    write: (beforeCommit: BeforeMessageCommit) => Promise<SentMessage>,
  ) => Promise<void>;
}

/** Messages at which a cached conversation is dropped to be loaded afresh. */
const maxEntries = cachedMessages * 2;
/** Tokens of processes that died are forgotten after this time without a change: longer than a list in doubt lives. */
const changesLiveMs = 2 * timeToLiveMs.doubt;

/** Chats: read out of Redis or the rows, and the way of a message into the cache. */
export function createChats({ scripts, announce, ...options }: ChatsOptions): Chats {
  const { redis, keys } = options;
  const { messages: listOf, messagesLease, changes } = keys.chat;
  const usersOf = ({ lowUser, highUser }: Conversation) => [
    { userId: lowUser, otherId: highUser },
    { userId: highUser, otherId: lowUser },
  ];

  const doubt = async (conversation: Conversation, token: string): Promise<void> => {
    const name = conversationName(conversation);
    await Promise.all([
      redis.sadd(changes(name), token),
      redis.pexpire(changes(name), changesLiveMs),
      redis.pexpire(listOf(name), timeToLiveMs.doubt, 'LT'),
      ...usersOf(conversation).map(({ userId }) =>
        redis.pexpire(keys.user.newestMessages(userId), timeToLiveMs.doubt, 'LT'),
      ),
    ]);
  };

  const tell = ({ conversation, message, previousTime }: SentMessage, token: string) => {
    const name = conversationName(conversation);
    return Promise.all([
      scripts.append(
        [listOf(name), messagesLease(name), changes(name)],
        [
          ...[token, previousTime, message.createTime, presentMessage(conversation, message)],
          ...[maxEntries, withJitter(timeToLiveMs.messages)],
        ],
      ),
      ...usersOf(conversation).map(({ userId, otherId }) =>
        scripts.noteNewest([keys.user.newestMessages(userId)], [0, otherId, newestText(userId, message)]),
      ),
    ]);
  };

  return {
    messages: createMessages({ ...options, storeMessages: scripts.store }),
    newest: createNewest({ ...options, noteNewest: scripts.noteNewest }),
    send: async (conversation, write) => {
      const token = randomUUID();
      const sent = await write(() => doubt(conversation, token));
      await announce({ conversation, messageId: sent.message.id }, () => tell(sent, token));
    },
  };
}
