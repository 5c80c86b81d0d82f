import type { Conversation } from './conversation.ts';
import type { MessageRow } from './load.ts';

/** Message of the official API, as JSON text. */
export function presentMessage({ lowUser, highUser }: Conversation, message: MessageRow): string {
  const { id, fromUser, content, createTime } = message;
  const toUser = fromUser === lowUser ? highUser : lowUser;
  return JSON.stringify({ id, to_user_id: toUser, from_user_id: fromUser, content, create_time: createTime });
}

const received = 0;
const sent = 1;

/** What FriendUser of the official API has more than User, as members of a JSON object. */
export const friendMembers = (newest: { content: string; isSent: boolean } | undefined): string =>
  `"message":${JSON.stringify(newest?.content ?? '')},"msgType":${newest?.isSent ? sent : received}`;
