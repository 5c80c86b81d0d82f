import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId, WireTime, wireTimeToMs } from '../../shared/http/input.ts';
import { answerList, pageParameters } from '../../shared/http/list-page.ts';
import { conversationOf, type ReadModels } from '../../shared/read-models/index.ts';

const ChatQuery = Type.Object({ to_user_id: WireId, pre_msg_time: Type.Optional(WireTime), ...pageParameters });

interface Deps {
  models: Pick<ReadModels, 'users' | 'chats'>;
  defaultListLimit: number;
}

/**
 * GET /douyin/message/chat/: messages with another user, the oldest first. After a time: the first ones that are newer, so
 * that a client which polls with its newest time sees each message once. Without one: the last ones, and a cursor to older
 * ones.
 */
export const messageChat =
  ({ models, defaultListLimit }: Deps): Middleware =>
  async (ctx) => {
    const viewerId = requireViewer(ctx);
    const { to_user_id, pre_msg_time, limit = defaultListLimit, cursor } = parseInput(ctx, ChatQuery);
    const afterTime = wireTimeToMs(pre_msg_time);
    const query = afterTime === undefined ? { beforeTime: cursor, limit: limit + 1 } : { afterTime, limit };
    const [users, messages] = await Promise.all([
      models.users.glance([to_user_id], () => false),
      models.chats.messages(conversationOf(viewerId, to_user_id), query),
    ]);
    if (!users.has(to_user_id)) throw new ApiError('user_not_found');
    const page = messages.slice(-limit);
    const nextCursor = messages.length > limit ? page[0]?.createTime : undefined;
    answerList(ctx, 'message_list', `[${page.map(({ text }) => text).join(',')}]`, nextCursor);
  };
