import { createAccounts } from '../../services/auth/repositories/accounts.ts';
import { createSessionRows } from '../../services/auth/repositories/sessions.ts';
import * as likeRows from '../../services/like-writer/repository.ts';
import { createPublications } from '../../services/publish/repositories/publications.ts';
import { pruneSent, sendSome } from '../../services/shared/outbox/send.ts';
import { conversationOf } from '../../services/shared/read-models/chats/conversation.ts';
import * as chats from '../../services/shared/read-models/chats/load.ts';
import * as comments from '../../services/shared/read-models/comments/load.ts';
import { loadFeed } from '../../services/shared/read-models/feed/load.ts';
import * as follows from '../../services/shared/read-models/follows/load.ts';
import * as likes from '../../services/shared/read-models/likes/load.ts';
import { loadUsers } from '../../services/shared/read-models/user/load.ts';
import * as videos from '../../services/shared/read-models/video/load.ts';
import { loadRevocations } from '../../services/shared/sessions/load.ts';
import { publishVideo, showOutputs } from '../../services/transcoder/repositories/published-at.ts';
import { createUploads, type Job } from '../../services/transcoder/repositories/uploads.ts';
import { createFollowRows } from '../../services/user/repositories/follows.ts';
import { createMessageRows } from '../../services/user/repositories/messages.ts';
import { createCommentRows } from '../../services/video/repositories/comments.ts';
import { loadFollowed, loadLastActive, loadMostFollowed } from '../../services/warmup/repositories/likely-users.ts';
import type { World } from './world.ts';

type Work = () => Promise<unknown>;

/** The exported functions of a module, each with calls of it; of a `create…` function the methods are called. */
type Cases = Record<string, Record<string, readonly Work[]>>;

/** Every method of what a repository gives, so that the compiler misses one that is not called. */
const methods = <Rows extends object>(calls: { [Name in keyof Rows]: Work }): readonly Work[] => Object.values(calls);

const limit = 201;

/** Every function that reads or changes rows, by its file under `services/`. */
export const casesOf = (world: World): Cases => ({ ...loadsOf(world), ...repositoriesOf(world) });

function loadsOf({ db, userIds, videoIds }: World): Cases {
  const [userId, otherId = 0] = userIds;
  const [videoId] = videoIds;
  const someUsers = userIds.slice(0, 60);
  const someVideos = videoIds.slice(0, 30);
  const lists = ['following', 'followers', 'friends'] as const;
  return {
    'shared/read-models/user/load.ts': { loadUsers: [() => loadUsers(db, someUsers)] },
    'shared/read-models/video/load.ts': {
      loadVideos: [() => videos.loadVideos(db, someVideos)],
      loadWorks: [
        () => videos.loadWorks(db, { authorId: otherId, onlyReady: false, limit }),
        () => videos.loadWorks(db, { authorId: otherId, onlyReady: true, beforeId: videoIds.at(-1), limit }),
      ],
    },
    'shared/read-models/feed/load.ts': {
      loadFeed: [() => loadFeed(db, { limit: 31 }), () => loadFeed(db, { beforeMs: Date.now(), limit: 31 })],
    },
    'shared/read-models/likes/load.ts': {
      loadLiked: [
        () => likes.loadLiked(db, { userId, limit }),
        () => likes.loadLiked(db, { userId, beforeVersion: 2e15, limit }),
      ],
      loadLikedAmong: [() => likes.loadLikedAmong(db, userId, someVideos)],
      loadLikeRows: [
        () =>
          likes.loadLikeRows(
            db,
            someUsers.map((id) => ({ userId: id, videoId })),
          ),
      ],
      loadLastVersion: [() => likes.loadLastVersion(db, userId)],
    },
    'shared/read-models/follows/load.ts': {
      loadFollows: lists.map((kind) => () => follows.loadFollows(db, { kind, userId, limit })),
      loadFollowsAmong: lists.map((kind) => () => follows.loadFollowsAmong(db, { kind, userId, otherIds: someUsers })),
      loadRevision: [() => follows.loadRevision(db, userId)],
    },
    'shared/read-models/comments/load.ts': {
      loadComments: [
        () => comments.loadComments(db, { videoId, limit }),
        () => comments.loadComments(db, { videoId, beforeRevision: 20, limit }),
      ],
      loadVideoRevision: [() => comments.loadVideoRevision(db, videoId)],
    },
    'shared/read-models/chats/load.ts': {
      loadMessages: [{ afterTime: 10 }, { beforeTime: 40 }, {}].map(
        (range) => () => chats.loadMessages(db, conversationOf(userId, otherId), { ...range, limit: 20 }),
      ),
      loadLastTime: [() => chats.loadLastTime(db, conversationOf(userId, otherId))],
      loadNewest: [() => chats.loadNewest(db, userId, someUsers.slice(1))],
    },
    'shared/sessions/load.ts': { loadRevocations: [() => loadRevocations(db, 12_000)] },
    'shared/outbox/send.ts': {
      sendSome: [() => sendSome({ db, producer: { publish: async () => undefined }, topicPrefix: 'test' })],
      pruneSent: [() => pruneSent(db, 500)],
    },
  };
}

function repositoriesOf({ db, userIds, videoIds, nextId }: World): Cases {
  const [userId, otherId = 0] = userIds;
  const [videoId] = videoIds;
  const accounts = createAccounts({ db });
  const sessions = createSessionRows({ db, nextId: async () => nextId() });
  const publications = createPublications({ db, ids: { next: async () => nextId() } });
  const commentRows = createCommentRows({ db });
  const pair = { followerId: userId, followingId: otherId };
  const events = userIds
    .slice(0, 50)
    .map((id) => ({ userId: id, videoId, authorId: otherId, version: 1, liked: true }));
  return {
    'auth/repositories/accounts.ts': {
      createAccounts: methods<typeof accounts>({
        add: () => accounts.add({ userId: nextId(), username: `new-${nextId()}`, passwordHash: '', tokensUntilMs: 0 }),
        find: () => accounts.find('user-7'),
        replaceHash: () => accounts.replaceHash({ userId, passwordHash: 'another' }),
      }),
    },
    'auth/repositories/sessions.ts': {
      createSessionRows: methods<typeof sessions>({
        extend: () => sessions.extend(userId, Date.now()),
        end: () => sessions.end({ userId, tokenId: 'a', expiresMs: 1, generation: 0 }),
        endAll: () => sessions.endAll(userId, 1),
        removeExpired: () => sessions.removeExpired(500),
      }),
    },
    'like-writer/repository.ts': {
      lockLikes: [() => db.transaction((trx) => likeRows.lockLikes(trx, events))],
      insertLikes: [() => likeRows.insertLikes(db, [], 1)],
      updateLikes: [() => likeRows.updateLikes(db, [], 1)],
      deleteUnlikes: [() => likeRows.deleteUnlikes(db, { beforeVersion: 2e15 })],
      moveCounters: [
        () =>
          likeRows.moveCounters(db, {
            userDeltas: new Map(),
            videoDeltas: new Map(),
            inserts: [],
            updates: [],
            settled: [],
          }),
      ],
      readUserCounters: [() => likeRows.readUserCounters(db, userIds.slice(0, 50))],
      readVideoCounters: [() => likeRows.readVideoCounters(db, videoIds.slice(0, 50))],
    },
    'publish/repositories/publications.ts': {
      createPublications: methods<typeof publications>({
        add: () => publications.add({ videoId: nextId(), authorId: userId, title: '', originalPath: 'o' }),
        exists: () => publications.exists(videoId),
        find: () => publications.find({ videoId, authorId: userId }),
      }),
    },
    'transcoder/repositories/published-at.ts': {
      showOutputs: [() => db.transaction((trx) => showOutputs(trx, videoIds.at(-1) ?? 0, made))],
      publishVideo: [() => db.transaction((trx) => publishVideo(trx, videoIds.at(-1) ?? 0, made))],
    },
    'transcoder/repositories/uploads.ts': {
      createUploads: uploadCases({ db, authorId: userId, publications, nextId }),
    },
    'user/repositories/follows.ts': {
      createFollowRows: [true, false, true].map(
        (follows) => () => createFollowRows({ db }).write({ ...pair, follows }),
      ),
    },
    'user/repositories/messages.ts': {
      createMessageRows: [
        () =>
          createMessageRows({ db }).add({
            id: nextId(),
            conversation: conversationOf(userId, otherId),
            fromUser: userId,
            content: 'hello',
          }),
      ],
    },
    'warmup/repositories/likely-users.ts': {
      loadMostFollowed: [undefined, { value: 3, userId }].map((after) => () => loadMostFollowed(db, { after, limit })),
      loadLastActive: [undefined, { value: 0, userId: userIds.at(-1) ?? 0 }].map(
        (after) => () => loadLastActive(db, { after, limit }),
      ),
      loadFollowed: [() => loadFollowed(db, userIds.slice(0, 60))],
    },
    'video/repositories/comments.ts': {
      createCommentRows: methods<typeof commentRows>({
        add: () => commentRows.add({ id: nextId(), videoId, userId, content: 'hello' }),
        remove: async () => {
          const { comment } = await commentRows.add({ id: nextId(), videoId, userId, content: 'hello' });
          await commentRows.remove({ commentId: comment.id, videoId, userId, videoAuthorId: otherId });
        },
      }),
    },
  };
}

const made = { playPath: 'p', coverPath: 'c', hlsPath: 'h', width: 1, height: 1, durationMs: 1 };

interface UploadWorld extends Pick<World, 'db' | 'nextId'> {
  authorId: number;
  publications: ReturnType<typeof createPublications>;
}

function uploadCases({ db, authorId, publications, nextId }: UploadWorld): readonly Work[] {
  const uploads = createUploads({ db, ids: { next: async () => nextId() }, holder: 'test', leaseMs: 60_000 });
  const claimed = async (): Promise<Job> => {
    const videoId = nextId();
    await publications.add({ videoId, authorId, title: '', originalPath: 'o' });
    const claim = await uploads.claim(videoId);
    if (claim.state !== 'claimed') throw new Error('a new upload cannot be claimed');
    return claim.job;
  };
  return methods<typeof uploads>({
    claim: claimed,
    renew: async () => uploads.renew(await claimed()),
    release: async () => uploads.release(await claimed(), { againAfterMs: 1, counts: true }),
    note: async () => uploads.note(await claimed(), 50),
    publish: async () => uploads.publish(await claimed(), made),
    endedInDoubt: () => uploads.endedInDoubt(),
    settle: async () => uploads.settle(await claimed()),
    succeed: async () => uploads.succeed(await claimed(), made),
    fail: async () => uploads.fail(await claimed(), 'no picture'),
  });
}
