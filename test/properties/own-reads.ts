import type { Payload, RouteName } from '../api/wire.ts';
import type { Cast, Person } from './cast.ts';
import type { Chance } from './chance.ts';
import {
  aboutList,
  aboutOwnCount,
  aboutRepetition,
  aboutUser,
  aboutVideo,
  always,
  type Complaint,
  type User,
  type Video,
  whileRedisRemembers,
} from './complaints.ts';
import type { Api, Doors } from './doors.ts';
import { mustBeThere } from './model/comments.ts';
import type { Model } from './model/model.ts';
import type { Operation } from './operations.ts';

interface Scene {
  me: Person;
  cast: Cast;
  model: Model;
  doors: Doors;
  chance: Chance;
}

type Read = (scene: Scene) => Promise<Complaint[]>;

/** More than any list has in a run. */
const limit = 200;

/** Reads something that the caller has just changed, through some process, and tells what they must not see; may be repeated. */
export function readOwn(operation: Operation, scene: Scene): () => Promise<Complaint[]> {
  const read = scene.chance.pick(readsAfter(operation));
  return () => read(scene);
}

function readsAfter(operation: Operation): readonly Read[] {
  switch (operation.kind) {
    case 'like':
    case 'unlike':
      return [ownCard, ownFavorites, worksOf(operation.video.authorId), feed];
    case 'follow':
    case 'unfollow':
      return [ownCard, ownFollows, ownFriends, followersOf(operation.userId), cardOf(operation.userId), feed];
    case 'comment':
      return [commentsOn(operation.video.id), worksOf(operation.video.authorId)];
    case 'delete comment':
      return [commentsOn(operation.comment.videoId)];
    case 'publish':
      return [ownWorks];
  }
}

const feed: Read = async (scene) => {
  const answer = await ask(scene, 'video', 'feed', {});
  return answer ? aboutVideos(scene, answer.video_list) : [];
};

const worksOf =
  (authorId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'video', 'publishList', { user_id: authorId, limit });
    return answer ? aboutVideos(scene, answer.video_list) : [];
  };

const ownFavorites: Read = async (scene) => {
  const answer = await ask(scene, 'video', 'favoriteList', { limit });
  if (!answer) return [];
  const listed = idsOf(answer.video_list);
  const stances = scene.model.likesOf(scene.me.id);
  return [
    ...aboutVideos(scene, answer.video_list),
    ...aboutList(whileRedisRemembers, 'the own favorites', { listed, stances }),
  ];
};

const ownFollows: Read = async (scene) => {
  const answer = await ask(scene, 'user', 'followList', { limit });
  if (!answer) return [];
  const listed = idsOf(answer.user_list);
  const stances = scene.model.followsOf(scene.me.id);
  const ordered = stances.inOrder();
  const inOrder = listed.filter((id) => ordered.includes(id));
  return [
    ...aboutUsers(scene, answer.user_list),
    ...aboutList(always, 'the own follows', { listed, stances }),
    ...always(inOrder.join() === ordered.join(), `the own follows are ${inOrder}, the last followed: ${ordered}`),
  ];
};

const ownFriends: Read = async (scene) => {
  const answer = await ask(scene, 'user', 'friendList', { limit });
  if (!answer) return [];
  const follows = scene.model.followsOf(scene.me.id);
  const strangers = idsOf(answer.user_list).filter((id) => !follows.allows(id, true));
  return [
    ...aboutUsers(scene, answer.user_list),
    ...always(strangers.length === 0, `among the friends, and not followed: ${strangers}`),
  ];
};

const followersOf =
  (userId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'user', 'followerList', { user_id: userId, limit });
    if (!answer) return [];
    const isListed = idsOf(answer.user_list).includes(scene.me.id);
    const isRight = scene.model.followsOf(scene.me.id).allows(userId, isListed);
    return [
      ...aboutUsers(scene, answer.user_list),
      ...always(isRight, `among the followers of ${userId} is the caller: ${isListed}`),
    ];
  };

const cardOf =
  (userId: number): Read =>
  async (scene) => {
    const answer = await ask(scene, 'user', 'user', { user_id: userId });
    return answer ? aboutUsers(scene, [answer.user]) : [];
  };

const ownCard: Read = async (scene) => {
  const answer = await ask(scene, 'user', 'user', {});
  if (!answer) return [];
  const { favorite_count, follow_count } = answer.user;
  const { likesOf, followsOf } = scene.model;
  return [
    ...aboutOwnCount(whileRedisRemembers, 'favorite_count', favorite_count, likesOf(scene.me.id)),
    ...aboutOwnCount(always, 'follow_count', follow_count, followsOf(scene.me.id)),
  ];
};

const commentsOn =
  (videoId: number): Read =>
  async (scene) => {
    const { me, model } = scene;
    const here = model.comments.all().filter((comment) => comment.videoId === videoId && comment.id !== undefined);
    const due = here.filter((comment) => comment.authorId === me.id && mustBeThere(comment));
    const answer = await ask(scene, 'video', 'commentList', { video_id: videoId, limit });
    if (!answer) return [];
    const listed = idsOf(answer.comment_list);
    const users = answer.comment_list.map(({ user }) => user);
    // Others may have begun to delete one while this was read.
    const lacking = due.filter((comment) => mustBeThere(comment) && !listed.includes(comment.id ?? 0));
    const written = here.filter(({ id = 0, authorId }) => authorId === me.id && listed.includes(id));
    const own = written.map(({ id = 0 }) => id).toReversed();
    const ordered = listed.filter((id) => own.includes(id));
    const surplus = here.filter(({ id = 0, deletedBy }) => deletedBy === me.id && listed.includes(id));
    return [
      ...aboutRepetition(answer.comment_list),
      ...users.flatMap((user) => aboutUser(lookingIn(scene), user)),
      ...always(lacking.length === 0, `own comments are missing: ${lacking.map(({ text }) => text)}`),
      ...always(ordered.join() === own.join(), `own comments are ${ordered}, the last written first: ${own}`),
      ...always(surplus.length === 0, `deleted comments are there: ${surplus.map(({ text }) => text)}`),
    ];
  };

const ownWorks: Read = async (scene) => {
  const { me, model } = scene;
  const answer = await ask(scene, 'video', 'publishList', { user_id: me.id, limit });
  if (!answer) return [];
  for (const { id, state } of answer.video_list) if (state === 'ready') show(scene, id);
  const titles = answer.video_list.map(({ title }) => title);
  const lacking = model.publications.filter(
    ({ authorId, isCertain, title }) => authorId === me.id && isCertain && !titles.includes(title),
  );
  return [
    ...aboutVideos(scene, answer.video_list),
    ...always(lacking.length === 0, `not among the own videos: ${lacking.map(({ title }) => title)}`),
  ];
};

/** From now on everybody acts on this video, too. */
function show({ cast, me }: Scene, videoId: number): void {
  if (cast.videos.every(({ id }) => id !== videoId)) cast.videos.push({ id: videoId, authorId: me.id });
}

/** Undefined when nobody could answer just now. */
async function ask<Name extends RouteName>(
  { me, doors, chance }: Scene,
  api: Api,
  name: Name,
  parameters: Record<string, number>,
): Promise<Payload<Name> | undefined> {
  const reply = await doors.some(api, chance).ask(name, parameters, me);
  if (reply.kind === 'refused') throw new Error(`${name} was refused with ${reply.code}: ${reply.message}`);
  return reply.kind === 'acknowledged' ? reply.answer : undefined;
}

const lookingIn = ({ me, model, cast }: Scene) => ({ meId: me.id, model, persons: cast.persons.length });

const aboutUsers = (scene: Scene, users: readonly User[]): Complaint[] => [
  ...aboutRepetition(users),
  ...users.flatMap((user) => aboutUser(lookingIn(scene), user)),
];

const aboutVideos = (scene: Scene, videos: readonly Video[]): Complaint[] => [
  ...aboutRepetition(videos),
  ...videos.flatMap((video) => aboutVideo(lookingIn(scene), video)),
];

const idsOf = (entries: readonly { id: number }[]): number[] => entries.map(({ id }) => id);
