import type { Payload } from '../api/wire.ts';
import type { Cast, Person } from './cast.ts';
import type { Chance } from './chance.ts';
import type { Doors } from './doors.ts';
import { mustBeThere } from './model/comments.ts';
import type { Model } from './model/model.ts';
import type { Stances } from './model/stances.ts';
import type { Operation } from './operations.ts';

/**
 * A caller does not see their own action. Of likes this is promised unless Redis has lost what the rows do not hold yet;
 * of everything else it is promised at any time.
 */
export interface Complaint {
  about: 'likes' | 'rows';
  text: string;
}

interface Scene {
  me: Person;
  cast: Cast;
  model: Model;
  doors: Doors;
  chance: Chance;
}

type Read = (scene: Scene) => Promise<Complaint[]>;
type User = Payload<'user'>['user'];
type Video = Payload<'feed'>['video_list'][number];

/** More than any list has in a run. */
const limit = 200;

/** Reads something that the caller has just changed, through some process, and tells what they should not see. */
export const readOwn = (operation: Operation, scene: Scene): Promise<Complaint[]> =>
  scene.chance.pick(readsAfter(operation))(scene);

function readsAfter(operation: Operation): readonly Read[] {
  switch (operation.kind) {
    case 'like':
    case 'unlike':
      return [ownCard, ownFavorites, worksOf(operation.video.authorId), feed];
    case 'follow':
    case 'unfollow':
      return [ownCard, ownFollows, followersOf(operation.userId), cardOf(operation.userId), feed];
    case 'comment':
      return [commentsOn(operation.video.id)];
    case 'delete comment':
      return [commentsOn(operation.comment.videoId)];
    case 'publish':
      return [ownWorks];
  }
}

const feed: Read = async (scene) => {
  const answer = await ask(scene, 'video', 'feed', {});
  return answer ? [...repeated(answer.video_list), ...flagsOfVideos(scene, answer.video_list)] : [];
};

const worksOf =
  (authorId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'video', 'publishList', { user_id: authorId, limit });
    return answer ? [...repeated(answer.video_list), ...flagsOfVideos(scene, answer.video_list)] : [];
  };

const ownFavorites: Read = async (scene) => {
  const answer = await ask(scene, 'video', 'favoriteList', { limit });
  if (!answer) return [];
  const likes = scene.model.likesOf(scene.me.id);
  const listed = answer.video_list.map(({ id }) => id);
  return [
    ...repeated(answer.video_list),
    ...flagsOfVideos(scene, answer.video_list),
    ...missing('likes', 'the own favorites', listed, likes),
  ];
};

const ownFollows: Read = async (scene) => {
  const answer = await ask(scene, 'user', 'followList', { limit });
  if (!answer) return [];
  const follows = scene.model.followsOf(scene.me.id);
  const listed = answer.user_list.map(({ id }) => id);
  const ordered = follows.inOrder();
  const inOrder = listed.filter((id) => ordered.includes(id));
  return [
    ...repeated(answer.user_list),
    ...flagsOfUsers(scene, answer.user_list),
    ...missing('rows', 'the own follows', listed, follows),
    ...unless(inOrder.join() === ordered.join(), 'rows', `the own follows are ${inOrder}, last followed: ${ordered}`),
  ];
};

const followersOf =
  (userId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'user', 'followerList', { user_id: userId, limit });
    if (!answer) return [];
    const isListed = answer.user_list.some(({ id }) => id === scene.me.id);
    const isRight = scene.model.followsOf(scene.me.id).allows(userId, isListed);
    return [
      ...repeated(answer.user_list),
      ...flagsOfUsers(scene, answer.user_list),
      ...unless(isRight, 'rows', `among the followers of ${userId}: ${isListed}`),
    ];
  };

const cardOf =
  (userId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'user', 'user', { user_id: userId });
    return answer ? flagsOfUsers(scene, [answer.user]) : [];
  };

const ownCard: Read = async (scene) => {
  const answer = await ask(scene, 'user', 'user', {});
  if (!answer) return [];
  const { favorite_count, follow_count } = answer.user;
  return [
    ...countedAs('likes', 'favorite_count', favorite_count, scene.model.likesOf(scene.me.id)),
    ...countedAs('rows', 'follow_count', follow_count, scene.model.followsOf(scene.me.id)),
  ];
};

const commentsOn =
  (videoId: number): Read =>
  async (scene) => {
    const { me, model } = scene;
    const own = model.comments.all().filter((comment) => comment.videoId === videoId && comment.authorId === me.id);
    const due = own.filter(mustBeThere);
    const answer = await ask(scene, 'video', 'commentList', { video_id: videoId, limit });
    if (!answer) return [];
    const ids = new Set(answer.comment_list.map(({ id }) => id));
    const here = model.comments.all().filter((comment) => comment.videoId === videoId && comment.id !== undefined);
    return [
      ...repeated(answer.comment_list),
      ...flagsOfUsers(
        scene,
        answer.comment_list.map(({ user }) => user),
      ),
      ...due
        .filter((comment) => mustBeThere(comment) && !ids.has(comment.id ?? 0))
        .map(({ id, text }) => complaint('rows', `comment ${id} (${text}) is not there`)),
      ...here
        .filter(({ id = 0, deletedBy }) => deletedBy === me.id && ids.has(id))
        .map(({ id, text }) => complaint('rows', `comment ${id} (${text}) is still there`)),
    ];
  };

const ownWorks: Read = async (scene) => {
  const answer = await ask(scene, 'video', 'publishList', { user_id: scene.me.id, limit });
  if (!answer) return [];
  for (const { id, state } of answer.video_list) if (state === 'ready') show(scene, id);
  const titles = answer.video_list.map(({ title }) => title);
  const due = scene.model.publications.filter(({ authorId, isCertain }) => authorId === scene.me.id && isCertain);
  return [
    ...repeated(answer.video_list),
    ...flagsOfVideos(scene, answer.video_list),
    ...due
      .filter(({ title }) => !titles.includes(title))
      .map(({ title }) => complaint('rows', `${title} is not among the own videos`)),
  ];
};

/** From now on everybody acts on this video, too. */
function show({ cast, me }: Scene, videoId: number): void {
  if (cast.videos.every(({ id }) => id !== videoId)) cast.videos.push({ id: videoId, authorId: me.id });
}

/** Undefined when nobody could answer just now. */
async function ask<
  Name extends 'feed' | 'user' | 'publishList' | 'favoriteList' | 'followList' | 'followerList' | 'commentList',
>(
  { me, doors, chance }: Scene,
  api: 'user' | 'video',
  name: Name,
  parameters: Record<string, number>,
): Promise<Payload<Name> | undefined> {
  const reply = await doors.some(api, chance).ask(name, parameters, me);
  if (reply.kind === 'refused') throw new Error(`${name} was refused with ${reply.code}: ${reply.message}`);
  return reply.kind === 'acknowledged' ? reply.answer : undefined;
}

const complaint = (about: Complaint['about'], text: string): Complaint => ({ about, text });
const unless = (isRight: boolean, about: Complaint['about'], text: string): Complaint[] =>
  isRight ? [] : [complaint(about, text)];

const flagsOfUsers = ({ me, model }: Scene, users: readonly User[]): Complaint[] =>
  users.flatMap(({ id, is_follow }) =>
    unless(model.followsOf(me.id).allows(id, is_follow), 'rows', `is_follow of user ${id} is ${is_follow}`),
  );

const flagsOfVideos = (scene: Scene, videos: readonly Video[]): Complaint[] => [
  ...flagsOfUsers(
    scene,
    videos.map(({ author }) => author),
  ),
  ...videos.flatMap(({ id, is_favorite }) =>
    unless(
      scene.model.likesOf(scene.me.id).allows(id, is_favorite),
      'likes',
      `is_favorite of video ${id} is ${is_favorite}`,
    ),
  ),
];

const repeated = (entries: readonly { id: number }[]): Complaint[] =>
  unless(
    new Set(entries.map(({ id }) => id)).size === entries.length,
    'rows',
    `an entry comes twice: ${entries.map(({ id }) => id)}`,
  );

function missing(about: Complaint['about'], what: string, listed: readonly number[], stances: Stances): Complaint[] {
  const lacking = [...stances.certain()].filter((id) => !listed.includes(id));
  const surplus = listed.filter((id) => !stances.allows(id, true));
  return [
    ...unless(lacking.length === 0, about, `${what} lack ${lacking}`),
    ...unless(surplus.length === 0, about, `${what} hold ${surplus}`),
  ];
}

function countedAs(about: Complaint['about'], column: string, count: number, stances: Stances): Complaint[] {
  const least = stances.certain().size;
  const most = least + stances.uncertain().size;
  return unless(least <= count && count <= most, about, `the own ${column} is ${count}, not ${least} to ${most}`);
}
