import { isDeepStrictEqual } from 'node:util';
import type { Parameters } from '../../api/client.ts';
import type { Payload } from '../../api/wire.ts';
import type { Person } from '../cast.ts';
import type { Door, Doors } from '../doors.ts';
import { type Truth, type UserCount, userCounts, type VideoCount, type VideoRow, videoCounts } from './truth.ts';

type User = Payload<'user'>['user'];
type Video = Payload<'feed'>['video_list'][number];
type ListName = 'publishList' | 'favoriteList' | 'commentList' | 'followList' | 'followerList' | 'friendList';

/** What of a user an answer must show, to the caller who asks. */
type SeenUser = Record<UserCount, number> & Pick<User, 'id' | 'is_follow'>;
type SeenVideo = Record<VideoCount, number> & Pick<Video, 'id' | 'is_favorite' | 'state'> & { author: SeenUser };

/** So few that lists have several pages. */
const pageSize = 7;
const feedSize = 30;

/** Asks every replica for everything, as every person and as nobody, and tells where an answer is not what the rows say. */
export async function auditAnswers(doors: Doors, truth: Truth, persons: readonly Person[]): Promise<string[]> {
  const found: string[] = [];
  for (const viewer of [undefined, ...persons]) {
    const expected = expectedBy(truth, viewer);
    const asked = [
      ...doors.of('user').map((door) => auditUsers({ door, truth, viewer, expected })),
      ...doors.of('video').map((door) => auditVideos({ door, truth, viewer, expected })),
    ];
    found.push(...(await Promise.all(asked)).flat());
  }
  return found;
}

/** What the rows say, as a viewer must see it. */
function expectedBy(truth: Truth, viewer: Person | undefined) {
  const followed = new Set(viewer ? truth.followedBy(viewer.id) : []);
  const liked = new Set(viewer ? truth.likedBy(viewer.id) : []);
  const user = (id: number): SeenUser => ({ id, ...truth.userCounts(id), is_follow: followed.has(id) });
  const video = ({ id, authorId, state }: VideoRow): SeenVideo => ({
    ...{ id, state, author: user(authorId), ...truth.videoCounts(id), is_favorite: liked.has(id) },
  });
  return { user, video };
}

interface Audit {
  door: Door;
  truth: Truth;
  viewer: Person | undefined;
  expected: ReturnType<typeof expectedBy>;
}

async function auditUsers({ door, truth, viewer, expected }: Audit): Promise<string[]> {
  const found: string[] = [];
  const compare = createComparison(door, viewer, found);
  // Everybody sees the cards; lists are asked for by their owner, and by nobody.
  for (const userId of truth.userIds) {
    const { user } = await ask(door, 'user', { user_id: userId }, viewer);
    compare(`user ${userId}`, seenUser(user), expected.user(userId));
  }
  for (const userId of viewer ? [viewer.id] : truth.userIds) {
    const lists = [
      ['followList', truth.followedBy(userId)],
      ['followerList', truth.followersOf(userId)],
      ...(viewer ? [['friendList', truth.friendsOf(userId)] as const] : []),
    ] as const;
    for (const [name, userIds] of lists) {
      const pages = await askForAll(door, name, { user_id: userId }, viewer);
      const users = pages.flatMap(({ user_list }) => user_list);
      compare(`${name} of ${userId}`, users.map(seenUser), userIds.map(expected.user));
    }
  }
  return found;
}

async function auditVideos({ door, truth, viewer, expected }: Audit): Promise<string[]> {
  const found: string[] = [];
  const compare = createComparison(door, viewer, found);
  const { video_list } = await ask(door, 'feed', {}, viewer);
  compare('feed', video_list.map(seenVideo), truth.feed().slice(0, feedSize).map(expected.video));
  for (const userId of viewer ? [viewer.id] : truth.userIds) {
    const works = truth.worksOf(userId).filter(({ state }) => state === 'ready' || viewer?.id === userId);
    const liked = truth.likedBy(userId).flatMap((id) => truth.videos.get(id) ?? []);
    for (const [name, videos] of [['publishList', works] as const, ['favoriteList', liked] as const]) {
      const pages = await askForAll(door, name, { user_id: userId }, viewer);
      const listed = pages.flatMap((page) => page.video_list);
      compare(`${name} of ${userId}`, listed.map(seenVideo), videos.map(expected.video));
    }
  }
  for (const { id, state } of viewer ? [] : truth.videos.values()) {
    if (state !== 'ready') continue;
    const pages = await askForAll(door, 'commentList', { video_id: id }, viewer);
    const listed = pages.flatMap((page) => page.comment_list);
    compare(
      `comments on ${id}`,
      listed.map(({ id, content, user }) => ({ id, content, user: seenUser(user) })),
      truth.commentsOn(id).map(({ id, content, userId }) => ({ id, content, user: expected.user(userId) })),
    );
  }
  return found;
}

const createComparison =
  (door: Door, viewer: Person | undefined, found: string[]) =>
  (what: string, seen: unknown, expected: unknown): void => {
    if (isDeepStrictEqual(seen, expected)) return;
    const [shown, right] = [JSON.stringify(seen), JSON.stringify(expected)];
    found.push(
      `${door.name} shows ${viewer?.id ?? 'nobody'} as ${what}\n    ${shown}\n  where the rows say\n    ${right}`,
    );
  };

const seenUser = (user: User): SeenUser => ({
  ...{ id: user.id, is_follow: user.is_follow },
  ...pick(user, userCounts),
});

const seenVideo = (video: Video): SeenVideo => ({
  ...{ id: video.id, state: video.state, author: seenUser(video.author), is_favorite: video.is_favorite },
  ...pick(video, videoCounts),
});

const pick = <Name extends string>(from: Readonly<Record<Name, number>>, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Record<Name, number>;

type Asked = ListName | 'user' | 'feed';

async function ask<Name extends Asked>(door: Door, name: Name, parameters: Parameters, viewer: Person | undefined) {
  const reply = await door.ask(name, parameters, viewer);
  if (reply.kind !== 'acknowledged') throw new Error(`${door.name} did not answer ${name}: ${JSON.stringify(reply)}`);
  return reply.answer;
}

/** Page by page. */
async function askForAll<Name extends ListName>(
  door: Door,
  name: Name,
  parameters: Parameters,
  viewer: Person | undefined,
) {
  const pages: Payload<Name>[] = [];
  let cursor: number | undefined;
  do {
    const page: Payload<ListName> = await ask(
      door,
      name,
      { ...parameters, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
      viewer,
    );
    pages.push(page as Payload<Name>);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return pages;
}
