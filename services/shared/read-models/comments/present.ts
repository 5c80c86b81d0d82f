import type { CommentRow } from './load.ts';

/** A comment as read models hand it out: who wrote it, and its members of a JSON object as text. */
export interface CommentView {
  revision: number;
  userId: number;
  members: string;
}

/** Day and month as the official API shows them, in UTC: "11-23". */
const dateOf = (createdAt: number): string => new Date(createdAt).toISOString().slice(5, 10);

/** A row as a view. */
export const commentView = ({ id, revision, userId, content, createdAt }: CommentRow): CommentView => ({
  revision,
  userId,
  members: JSON.stringify({ id, content, create_date: dateOf(createdAt), created_at: createdAt }).slice(1, -1),
});

/** How a comment stands in a sorted set, whose score is its revision: "author members". */
export const commentMember = ({ userId, members }: CommentView): string => `${userId} ${members}`;

/** The comment of a member and its score. */
export function parseCommentMember(member: string, revision: number): CommentView {
  const space = member.indexOf(' ');
  return { revision, userId: Number(member.slice(0, space)), members: member.slice(space + 1) };
}

/** Comment of the official API, as JSON text. */
export const presentComment = ({ members }: CommentView, user: string): string => `{${members},"user":${user}}`;
