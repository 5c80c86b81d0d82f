import type { Scripts } from '../../redis/scripts.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { RunChange } from '../run-change.ts';
import { type Conversation, conversationName } from './conversation.ts';
import type { MessageRow } from './load.ts';
import { cachedMessages, createMessages, type FindMessages, type MessageListOptions } from './messages.ts';
import { createNewest, type FindNewest, maxNewest, newestText, newestTtlMs } from './newest.ts';
import { presentMessage } from './present.ts';

/** The scripts of this folder. */
export const chatScripts = ['append', 'note-newest'] as const;

/** A message that is written. */
export interface SentMessage {
  conversation: Conversation;
  message: MessageRow;
  /** Time of the message before it in the conversation, 0 for the first. */
  previousTime: number;
}

/** A message that is to be written. */
interface MessageChange {
  conversation: Conversation;
  check: Promise<unknown>;
  write: () => Promise<SentMessage>;
}

interface ChatsOptions extends MessageListOptions {
  scripts: Scripts<(typeof chatScripts)[number]>;
  runChange: RunChange;
}

export interface Chats {
  /** Messages of a conversation, in order of time. */
  messages: FindMessages;
  /** The newest message with each of some users. */
  newest: FindNewest;
  /** Writes a message, as `RunChange` says. */
  send: (change: MessageChange) => Promise<void>;
}

/** Messages at which a cached conversation is dropped to be loaded afresh. */
const maxEntries = cachedMessages * 2;

/** Chats: read out of Redis or the rows, and the way of a message into the cache. */
export function createChats({ scripts, runChange, ...options }: ChatsOptions): Chats {
  const { keys } = options;
  const { messages: listOf, messagesLease, changes } = keys.chat;
  const usersOf = ({ lowUser, highUser }: Conversation) => [
    { userId: lowUser, otherId: highUser },
    { userId: highUser, otherId: lowUser },
  ];

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
        scripts.noteNewest(
          [keys.user.newestMessages(userId)],
          [newestTtlMs(), maxNewest, otherId, newestText(userId, message)],
        ),
      ),
    ]);
  };

  return {
    messages: createMessages(options),
    newest: createNewest({ ...options, noteNewest: scripts.noteNewest }),
    send: async ({ conversation, check, write }) => {
      const name = conversationName(conversation);
      const cached = [listOf(name), ...usersOf(conversation).map(({ userId }) => keys.user.newestMessages(userId))];
      await runChange({ shownBy: [{ changes: changes(name), cached }], check, write, tell });
    },
  };
}
