import type { Payload } from '../api/wire.ts';
import { mustBeThere } from './model/comments.ts';
import type { Model } from './model/model.ts';
import type { Stances } from './model/stances.ts';

/** What a caller must not see after their own actions. */
export interface Complaint {
  promised: 'always' | 'while Redis remembers';
  text: string;
}

/** Who looks, and what they did. */
export interface Looking {
  meId: number;
  model: Model;
  /** How many there are who can like or follow. */
  persons: number;
}

export type User = Payload<'user'>['user'];
export type Video = Payload<'feed'>['video_list'][number];

const complainUnless =
  (promised: Complaint['promised']) =>
  (isRight: boolean, text: string): Complaint[] =>
    isRight ? [] : [{ promised, text }];

export const always = complainUnless('always');
export const whileRedisRemembers = complainUnless('while Redis remembers');

/** Flags by the caller, and counts that can be no less and no more than what the caller alone makes of them. */
export const aboutUser = ({ meId, model, persons }: Looking, { id, is_follow, follower_count }: User): Complaint[] => {
  const follows = model.followsOf(meId);
  const bounds = boundsOf(follows, id, persons - 1);
  return [
    ...always(follows.allows(id, is_follow), `is_follow of user ${id} is ${is_follow}`),
    ...whileRedisRemembers(
      id === meId || isWithin(bounds, follower_count),
      `follower_count of user ${id} is ${follower_count}, not ${bounds.join(' to ')}`,
    ),
  ];
};

/** The same of a video and its author. */
export const aboutVideo = (looking: Looking, video: Video): Complaint[] => {
  const { id, is_favorite, favorite_count, comment_count, author } = video;
  const likes = looking.model.likesOf(looking.meId);
  const bounds = boundsOf(likes, id, looking.persons);
  const own = ownComments(looking, id).filter(mustBeThere).length;
  return [
    ...aboutUser(looking, author),
    ...whileRedisRemembers(likes.allows(id, is_favorite), `is_favorite of video ${id} is ${is_favorite}`),
    ...whileRedisRemembers(
      isWithin(bounds, favorite_count),
      `favorite_count of video ${id} is ${favorite_count}, not ${bounds.join(' to ')}`,
    ),
    ...whileRedisRemembers(
      comment_count >= own,
      `comment_count of video ${id} is ${comment_count}, ${own} are the caller's own`,
    ),
  ];
};

const ownComments = ({ meId, model }: Looking, videoId: number) =>
  model.comments.all().filter((comment) => comment.videoId === videoId && comment.authorId === meId);

type Bounds = readonly [least: number, most: number];

const boundsOf = (stances: Stances, target: number, all: number): Bounds => [
  stances.allows(target, false) ? 0 : 1,
  stances.allows(target, true) ? all : all - 1,
];

const isWithin = ([least, most]: Bounds, count: number): boolean => least <= count && count <= most;

/** A list must hold what the caller put there, and nothing that the caller took away. */
export function aboutList(
  complain: typeof always,
  what: string,
  { listed, stances }: { listed: readonly number[]; stances: Stances },
): Complaint[] {
  const lacking = [...stances.certain()].filter((id) => !listed.includes(id));
  const surplus = listed.filter((id) => !stances.allows(id, true));
  return [
    ...complain(lacking.length === 0, `${what} lack ${lacking}`),
    ...complain(surplus.length === 0, `${what} hold ${surplus}`),
  ];
}

/** A count of what the caller alone decides. */
export function aboutOwnCount(complain: typeof always, column: string, count: number, stances: Stances): Complaint[] {
  const least = stances.certain().size;
  const bounds = [least, least + stances.uncertain().size] as const;
  return complain(isWithin(bounds, count), `the own ${column} is ${count}, not ${bounds.join(' to ')}`);
}

export const aboutRepetition = (entries: readonly { id: number }[]): Complaint[] => {
  const ids = entries.map(({ id }) => id);
  return always(new Set(ids).size === ids.length, `an entry comes twice: ${ids}`);
};
