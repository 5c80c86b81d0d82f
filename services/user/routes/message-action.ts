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
    const check = Promise.all([checkUsers(models, fromUser, toUser), limits.take(ctx, 'messages')]);
    const conversation = conversationOf(fromUser, toUser);
    const write = async () => messages.add({ id: await ids.next(), conversation, fromUser, content });
    await models.chats.send({ conversation, check, write });
    ctx.body = { status_code: 0, status_msg: 'ok' };
  };

/** Both are there. */
async function checkUsers(models: Deps['models'], fromUser: number, toUser: number): Promise<void> {
  const users = await models.users.find([fromUser, toUser]);
  if (!users.has(fromUser)) throw new ApiError('token_invalid');
  if (!users.has(toUser)) throw new ApiError('user_not_found');
}
