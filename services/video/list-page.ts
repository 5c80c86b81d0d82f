import Type from 'typebox';
import { ApiError } from '../shared/errors.ts';
import { viewerOf } from '../shared/http/authentication.ts';
import type { Context } from '../shared/http/context.ts';
import { parseInput, WireId } from '../shared/http/input.ts';
import type { ReadModels } from '../shared/read-models/index.ts';
import type { PresentVideoList } from './present-video-list.ts';

const ListPage = Type.Object({
  user_id: Type.Optional(WireId),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(WireId),
});

export interface ListDeps {
  models: ReadModels;
  presentVideoList: PresentVideoList;
  defaultListLimit: number;
}

/** Which page of whose list is asked for; without a user it is the caller's own. */
export function parseListPage(ctx: Context, defaultLimit: number) {
  const { user_id, limit, cursor } = parseInput(ctx, ListPage);
  const userId = user_id ?? viewerOf(ctx);
  if (userId === undefined) throw new ApiError('invalid_request', 'user_id is missing: name a user or send a token');
  return { userId, limit: limit ?? defaultLimit, cursor };
}

/** A list of an existing user; their existence is looked up beside it. */
export async function listOfUser<List>(models: ReadModels, userId: number, list: Promise<List>): Promise<List> {
  const [users, found] = await Promise.all([models.users.find([userId]), list]);
  if (!users.has(userId)) throw new ApiError('user_not_found');
  return found;
}

/** Answers with videos that are JSON text already; `next_cursor` only when there are more. */
export function answerVideoList(ctx: Context, videoList: string, nextCursor: number | undefined): void {
  const next = nextCursor === undefined ? '' : `,"next_cursor":${nextCursor}`;
  ctx.type = 'application/json';
  ctx.body = `{"status_code":0,"status_msg":"ok","video_list":${videoList}${next}}`;
}
