import Type from 'typebox';
import { ApiError } from '../errors.ts';
import type { ReadModels } from '../read-models/index.ts';
import { viewerOf } from './authentication.ts';
import type { Context } from './context.ts';
import { parseInput, WireId } from './input.ts';

/** Parameters of every list: how many entries, and after which one they begin. */
export const pageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(WireId),
};

const ListOfUser = Type.Object({ user_id: Type.Optional(WireId), ...pageParameters });

/** Which page of whose list is asked for; without a user it is the caller's own. */
export function parseListPage(ctx: Context, defaultLimit: number) {
  const { user_id, limit, cursor } = parseInput(ctx, ListOfUser);
  const userId = user_id ?? viewerOf(ctx);
  if (userId === undefined) throw new ApiError('invalid_request', 'user_id is missing: name a user or send a token');
  return { userId, limit: limit ?? defaultLimit, cursor };
}

/** A list of an existing user; their existence is looked up beside it. */
export async function listOfUser<List>(
  models: Pick<ReadModels, 'users'>,
  userId: number,
  list: Promise<List>,
): Promise<List> {
  const [users, found] = await Promise.all([models.users.glance([userId], () => false), list]);
  if (!users.has(userId)) throw new ApiError('user_not_found');
  return found;
}

/** Answers with a list that is JSON already, under its name; `next_cursor` only when there are more. */
export function answerList(ctx: Context, name: string, list: string | Buffer, nextCursor: number | undefined): void {
  const start = `{"status_code":0,"status_msg":"ok","${name}":`;
  const end = nextCursor === undefined ? '}' : `,"next_cursor":${nextCursor}}`;
  ctx.type = 'application/json';
  ctx.body =
    typeof list === 'string' ? start + list + end : Buffer.concat([Buffer.from(start), list, Buffer.from(end)]);
}
