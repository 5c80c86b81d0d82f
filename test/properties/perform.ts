import { errorCodes } from '../../services/shared/errors.ts';
import type { Person } from './cast.ts';
import type { Chance } from './chance.ts';
import type { Api, Door, Reply as DoorReply, Doors } from './doors.ts';
import type { WrittenComment } from './model/comments.ts';
import type { Model } from './model/model.ts';
import type { Reply } from './model/stances.ts';
import type { Operation } from './operations.ts';

/** Contents of what is published. */
export interface Clips {
  playable: Blob;
  /** Begins as an MP4 does, and is none. */
  rubbish: Blob;
}

interface Performance {
  me: Person;
  model: Model;
  door: Door;
  clips: Clips;
}

const apis: Readonly<Record<Operation['kind'], Api>> = {
  ...{ like: 'video', unlike: 'video', comment: 'video', 'delete comment': 'video' },
  ...{ follow: 'user', unfollow: 'user', publish: 'publish' },
};

/** The way that a request of this operation takes. */
export const doorFor = ({ kind }: Operation, doors: Doors, chance: Chance): Door => doors.some(apis[kind], chance);

/** Sends the request and notes in the model what its reply means; throws when no such reply may come. */
export function perform(operation: Operation, performance: Performance): Promise<Reply> {
  switch (operation.kind) {
    case 'like':
    case 'unlike':
      return like(operation.video.id, operation.kind === 'like', performance);
    case 'follow':
    case 'unfollow':
      return follow(operation.userId, operation.kind === 'follow', performance);
    case 'comment':
      return comment(operation, performance);
    case 'delete comment':
      return deleteComment(operation.comment, performance);
    case 'publish':
      return publish(operation, performance);
  }
}

const typeOf = (on: boolean) => ({ action_type: on ? 1 : 2 });

async function like(videoId: number, on: boolean, { me, model, door }: Performance): Promise<Reply> {
  const reply = outcomeOf(await door.ask('favorite', { video_id: videoId, ...typeOf(on) }, me));
  model.likesOf(me.id).said(videoId, on, reply);
  return reply;
}

async function follow(userId: number, on: boolean, { me, model, door }: Performance): Promise<Reply> {
  const reply = outcomeOf(await door.ask('relation', { to_user_id: userId, ...typeOf(on) }, me));
  model.followsOf(me.id).said(userId, on, reply);
  return reply;
}

async function comment(
  { video, text }: Extract<Operation, { kind: 'comment' }>,
  { me, model, door }: Performance,
): Promise<Reply> {
  const answered = await door.ask('comment', { video_id: video.id, ...typeOf(true), comment_text: text }, me);
  const reply = outcomeOf(answered);
  const id = answered.kind === 'acknowledged' ? answered.answer.comment?.id : undefined;
  if (reply === 'acknowledged' && id === undefined) throw new Error('the answer does not show the comment');
  model.comments.wrote({ text, authorId: me.id, videoId: video.id }, id);
  return reply;
}

async function deleteComment(written: WrittenComment, { me, model, door }: Performance): Promise<Reply> {
  const { id = 0, videoId } = written;
  model.comments.tryToDelete(written, me.id);
  const answered = await door.ask('comment', { video_id: videoId, ...typeOf(false), comment_id: id }, me);
  const isMissing = answered.kind === 'refused' && answered.code === errorCodes.comment_not_found.wire;
  const reply = isMissing ? 'not found' : outcomeOf(answered);
  model.comments.deleted(written, me.id, reply);
  return reply === 'not found' ? 'acknowledged' : reply;
}

async function publish(
  { title, isPlayable }: Extract<Operation, { kind: 'publish' }>,
  { me, model, door, clips }: Performance,
): Promise<Reply> {
  const data = isPlayable ? clips.playable : clips.rubbish;
  const parts: [string, string | Blob][] = [
    ['token', me.token],
    ['title', title],
    ['data', data],
  ];
  const reply = outcomeOf(await door.publish(parts));
  model.publications.push({ title, isPlayable, authorId: me.id, isCertain: reply === 'acknowledged' });
  return reply;
}

function outcomeOf(reply: DoorReply<'favorite' | 'relation' | 'comment' | 'publish'>): Reply {
  if (reply.kind === 'refused') throw new Error(`it was refused with ${reply.code}: ${reply.message}`);
  return reply.kind;
}
