import assert from 'node:assert/strict';
import { conversationOf } from '../../read-models/chats/conversation.ts';
import { type Fixture, insertUser, insertVideo, keysLike, nextId, startReadModels } from './fixture.ts';

const many = 10_000;
/** The longest comment and message, of characters that take the most bytes. */
const longText = '🎬'.repeat(1_000);

/** What a key may take when its owner has many of everything, in KiB; all other keys stay below one. */
const boundsKib: Record<string, number> = {
  newest: 400,
  works: 8,
  likes: 160,
  liked: 400,
  following: 320,
  followers: 320,
  friends: 320,
  comments: 1_200,
  messages: 1_200,
};

describe('memory of a key in Redis', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  before(async () => {
    fixture = await startReadModels({ feedCacheSize: 3_000 });
  });
  after(() => fixture.close());

  const insertMany = (table: string, rowOf: (index: number) => object) =>
    fixture.db.batchInsert(
      table,
      Array.from({ length: many }, (_, index) => rowOf(index)),
      500,
    );

  it('is bounded, however much a user, a video or a chat has', async () => {
    const { db, models, redis, keyPrefix } = fixture;
    const [userId, friendId] = [await insertUser(db), await insertUser(db)];
    const videoId = await insertVideo(db, { authorId: userId });
    const conversation = conversationOf(userId, friendId);
    const pair = { low_user: conversation.lowUser, high_user: conversation.highUser };
    const firstId = 1_000_000_000_000;
    await insertMany('video', (index) => ({
      ...{ id: firstId + index, author_id: userId, state: 'ready', original_path: 'o', created_at: 1 },
      published_at: firstId + index,
    }));
    await insertMany('favorite', (index) => ({
      ...{ user_id: userId, video_id: firstId + index, author_id: firstId, liked: true },
      ...{ version: firstId * 1_000 + index, created_at: 1, updated_at: 1 },
    }));
    for (const isFollower of [true, false])
      await insertMany('follow', (index) => ({
        ...{ [isFollower ? 'follower_id' : 'following_id']: userId },
        ...{ [isFollower ? 'following_id' : 'follower_id']: firstId + index },
        ...{ follower_revision: index + 1, following_revision: index + 1, friend_revision: index + 1, created_at: 1 },
      }));
    await insertMany('comment', (index) => ({
      ...{ id: nextId(), video_id: videoId, video_revision: index + 1, user_id: userId },
      ...{ content: longText, created_at: 1 },
    }));
    await insertMany('message', (index) => ({
      ...{ id: nextId(), ...pair, from_user: userId, content: longText, create_time: index + 1 },
    }));
    await db('conversation').insert({ ...pair, last_time: many });

    const page = { limit: 200 };
    await Promise.all([
      models.users.find([userId]),
      models.videos.find([videoId]),
      models.videos.works({ authorId: userId, isOwn: true, ...page }),
      models.feed.page({ limit: 30 }),
      models.likes.page(userId, page),
      models.follows.following(userId, page),
      models.follows.followers(userId, page),
      models.follows.friends(userId, page),
      models.comments.page(videoId, page),
      models.chats.messages(conversation, { afterTime: 0, ...page }),
    ]);

    const keys = await keysLike(redis, `${keyPrefix}:*`);
    const sizes = await Promise.all(
      keys.map(async (key) => [nameOf(key), Number(await redis.memory('USAGE', key, 'SAMPLES', 0)) / 1024] as const),
    );
    const tooLarge = sizes.filter(([name, kib]) => kib > (boundsKib[name] ?? 1));
    assert.deepEqual(tooLarge, []);
    assert.deepEqual(
      Object.keys(boundsKib).filter((name) => !sizes.some(([found]) => found === name)),
      [],
    );
  });
});

/** What a key holds, without the one to whom it belongs. */
const nameOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
