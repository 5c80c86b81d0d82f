import { createLimit } from '../limit.ts';
import type { Logger } from '../logger.ts';
import type { Knex } from '../mysql/database.ts';
import type { Redis } from '../redis/connect.ts';
import { loadScripts } from '../redis/scripts.ts';
import { announceTo } from './announce.ts';
import type { ReadModelChanges } from './changes.ts';
import { type Chats, chatScripts, createChats } from './chats/chats.ts';
import { type Comments, commentScripts, createComments } from './comments/comments.ts';
import { countScripts, createCounts } from './counts/counts.ts';
import { createShowCounts } from './counts/show-counts.ts';
import { createViews } from './counts/views.ts';
import { createEntities, createViewKeys, type Entities } from './entities.ts';
import { createFeed, type Feed, feedScripts } from './feed/feed.ts';
import { createFollows, type Follows, followScripts } from './follows/follows.ts';
import { createKeys } from './keys.ts';
import { createLiked } from './likes/liked.ts';
import { createLikes, type Likes, likeScripts } from './likes/likes.ts';
import { createOverdueChecks } from './likes/overdue.ts';
import { createTrackedCounts } from './likes/tracked-counts.ts';
import { createRunChange } from './run-change.ts';
import { createTouched, type Touched, touchedScripts } from './touched/touched.ts';
import { parseUserView, type UserView } from './user/card.ts';
import { loadUsers } from './user/load.ts';
import { parseVideoView, type VideoView } from './video/card.ts';
import { loadVideos } from './video/load.ts';
import { createWorks, type WorksFound, type WorksPage } from './video/works.ts';

export type { ReadModelChanges } from './changes.ts';
export type { SentMessage } from './chats/chats.ts';
export { type Conversation, conversationOf } from './chats/conversation.ts';
export type { CommentState } from './comments/comments.ts';
export type { FeedPage } from './feed/feed.ts';
export type { FollowPair, FollowState } from './follows/change.ts';
export type { Follows } from './follows/follows.ts';
export type { SettledLike, Settlement } from './likes/likes.ts';
export type { IsTouched, Viewer } from './touched/touched.ts';
export type { UserView } from './user/card.ts';
export type { VideoView } from './video/card.ts';

interface ReadModelsOptions {
  redis: Redis;
  db: Knex;
  keyPrefix: string;
  logger: Logger;
  /** How many of the newest videos the feed caches; the same in every process. */
  feedCacheSize?: number;
  /** How many loads from the rows may run at once in this process. */
  concurrentLoads?: number;
  /** A monotonic clock in ms, by which copies in the process grow old. */
  now?: () => number;
}

export interface ReadModels extends ReadModelChanges {
  users: ReadModelChanges['users'] & Entities<UserView>;
  videos: ReadModelChanges['videos'] &
    Entities<VideoView> & {
      works: (page: WorksPage) => Promise<WorksFound>;
    };
  feed: Feed;
  likes: Likes;
  follows: Follows;
  comments: Comments;
  chats: Chats;
  /** Who looks: asked for at the start of a request, so that it travels with its first reads. */
  viewer: Touched['viewer'];
}

const scriptsOf = <const Name extends string>(redis: Redis, folder: string, names: readonly Name[]) =>
  loadScripts(redis, new URL(`./${folder}/`, import.meta.url), names);

/** What the services read: cards, counts, lists, the feed and likes, out of Redis, and out of the rows where it misses. */
export async function createReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const { redis, db, logger, keyPrefix, feedCacheSize = 3000, concurrentLoads = 8 } = options;
  const { now = () => performance.now() } = options;
  const [lookup, count, feed, like, follow, comment, chat, touch] = await Promise.all([
    scriptsOf(redis, 'lookup', ['claim', 'store', 'store-list']),
    scriptsOf(redis, 'counts', countScripts),
    scriptsOf(redis, 'feed', feedScripts),
    scriptsOf(redis, 'likes', likeScripts),
    scriptsOf(redis, 'follows', followScripts),
    scriptsOf(redis, 'comments', commentScripts),
    scriptsOf(redis, 'chats', chatScripts),
    scriptsOf(redis, 'touched', touchedScripts),
  ]);
  const { announce, onCacheFailure } = announceTo(logger);
  const keys = createKeys(keyPrefix);
  const viewKeys = createViewKeys(keys);
  const counts = createCounts(count);
  const trackedCounts = createTrackedCounts(keys);
  const limitLoads = createLimit({ concurrency: concurrentLoads, maxWaiting: 500 });
  const touched = createTouched({ redis, keys, scripts: touch, onCacheFailure });
  const lookups = { claim: lookup.claim, storeList: lookup.storeList, onCacheFailure };
  const shared = { redis, db, keys, limitLoads, counts, trackedCounts, touched, now, ...lookups };
  const overdue = createOverdueChecks(shared);

  const user = {
    entity: 'user' as const,
    keysOf: viewKeys.user,
    load: (ids: readonly number[]) => limitLoads(() => loadUsers(db, ids)),
    comparisonsOf: overdue.comparisonsOfUser,
  };
  const video = {
    entity: 'video' as const,
    keysOf: viewKeys.video,
    load: (ids: readonly number[]) => limitLoads(() => loadVideos(db, ids)),
    comparisonsOf: overdue.comparisonsOfVideo,
  };
  const findUserTexts = createViews({ ...shared, ...user, storeText: lookup.store });
  const findVideoTexts = createViews({ ...shared, ...video, storeText: lookup.store });
  const users = createEntities({ ...user, overdue, now, find: findUserTexts, parse: parseUserView });
  const videos = createEntities({
    ...{ ...video, overdue, now, find: findVideoTexts, parse: parseVideoView },
    // A list leaves out what is not ready: an old card would make a hole in a page of the feed, which nobody asks for twice.
    mayBeOld: ({ state }) => state === 'ready',
  });
  const liked = createLiked({ ...shared, storeLikes: like.store });
  const showCounts = createShowCounts(counts);
  const runChange = createRunChange({ redis, announce, onCacheFailure });
  const follows = createFollows({
    ...{ ...shared, runChange, scripts: follow },
    showCounts: (userId, counters) => showCounts('user', viewKeys.user(userId), counters),
  });
  const feedModel = createFeed({ ...shared, scripts: feed, cacheSize: feedCacheSize });

  const forgetUser = (userId: number) => [keys.user.view(userId), keys.user.viewLease(userId)];
  const forgetWorks = (userId: number) => [keys.user.works(userId), keys.user.worksLease(userId)];
  const forgetVideo = (videoId: number) => [keys.video.view(videoId), keys.video.viewLease(videoId)];

  return {
    users: {
      ...users,
      changed: (userId) =>
        announce({ userId }, () =>
          Promise.all([redis.del(...forgetUser(userId)), touched.note(userId, { users: [userId] })]),
        ),
    },
    videos: {
      ...videos,
      works: createWorks({ ...shared, storeText: lookup.store }),
      exists: async (videoId) => (await videos.find([videoId])).get(videoId)?.state === 'ready',
      changed: ({ videoId, authorId }) =>
        announce({ videoId, authorId }, () =>
          Promise.all([
            redis.del(...forgetVideo(videoId)),
            redis.del(...forgetUser(authorId), ...forgetWorks(authorId)),
            touched.note(authorId, { users: [authorId], videos: [videoId] }),
          ]),
        ),
    },
    feed: { ...feedModel, add: (published) => announce({ published }, () => feedModel.add(published)) },
    follows,
    chats: createChats({ ...shared, runChange, scripts: chat }),
    comments: createComments({
      ...{ ...shared, runChange, scripts: comment },
      showCounts: (videoId, counters) => showCounts('video', viewKeys.video(videoId), counters),
    }),
    viewer: touched.viewer,
    likes: createLikes({
      ...shared,
      scripts: like,
      liked,
      userKeys: viewKeys.user,
      videoKeys: viewKeys.video,
    }),
  };
}
