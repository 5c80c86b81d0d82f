import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId, WireText } from '../../shared/http/input.ts';
import type { IdGenerator } from '../../shared/ids/generator.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import { conversationOf, type ReadModels } from '../../shared/read-models/index.ts';
import type { MessageRows } from '../repositories/messages.ts';

const send = 1;
const MessageAction = Type.Object({
  to_user_id: WireId,
  action_type: Type.Literal(send),
  content: WireText({ minLength: 1, maxLength: 1000 }),
});

interface Deps {
  models: Pick<ReadModels, 'users' | 'chats'>;
  messages: MessageRows;
  ids: Pick<IdGenerator, 'next'>;
  limits: Pick<RateLimits<'messages'>, 'take'>;
}

/** POST /douyin/message/action/: sends a message to another user; they need not be friends. */
export const messageAction =
  ({ models, messages, ids, limits }: Deps): Middleware =>
  async (ctx) => {
    const fromUser = requireViewer(ctx);
    const { to_user_id: toUser, content } = parseInput(ctx, MessageAction);
    if (fromUser === toUser)
      throw new ApiError('invalid_request', 'to_user_id is your own: name the user whom you write to');
    const admission = limits.take(ctx, 'messages');
    const [users, id] = await Promise.all([models.users.find([fromUser, toUser]), ids.next(), admission]);
    if (!users.has(fromUser)) throw new ApiError('token_invalid');
    if (!users.has(toUser)) throw new ApiError('user_not_found');
    const conversation = conversationOf(fromUser, toUser);
    await models.chats.send(conversation, (beforeCommit) =>
      messages.add({ id, conversation, fromUser, content }, beforeCommit),
    );
    ctx.body = { status_code: 0, status_msg: 'ok' };
  };
