import assert from 'node:assert/strict';
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { createObjectStore } from '../../services/shared/object-store/object-store.ts';
import { connectRedis } from '../../services/shared/redis/connect.ts';
import { keysLike } from '../../services/shared/test/read-models/fixture.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { eventually } from '../eventually.ts';
import { type BackendSettings, type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { type ApiClient, type Caller, createApiClient } from './client.ts';
import { shortly } from './platform.ts';

/** The same ids in both: whatever they share by mistake, one sees of the other. */
const [alice, bob, videoId] = [101, 102, 201];

interface Side {
  platform: PlatformUnderTest;
  client: ApiClient;
  db: Knex;
  alice: Caller;
  bob: Caller;
}

describe('two platforms on one MySQL server, one Redis, one Kafka and in the same buckets', function () {
  this.timeout(180_000);
  let one: Side;
  let other: Side;
  let namesBefore: Names;
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-clips-'));

  before(async () => {
    makeClip(join(folder, 'clip.mp4'), { seconds: 1, size: '160x120', framesPerSecond: 10 });
    one = await startSide({}, async (servers) => {
      namesBefore = await namesOn(servers);
    });
    const { OBJECT_STORE_ORIGINALS_BUCKET, OBJECT_STORE_MEDIA_BUCKET, OBJECT_STORE_ENDPOINT } = one.platform.settings;
    const buckets = { OBJECT_STORE_ORIGINALS_BUCKET, OBJECT_STORE_MEDIA_BUCKET };
    const MEDIA_BASE_URL = `${OBJECT_STORE_ENDPOINT}/${OBJECT_STORE_MEDIA_BUCKET}`;
    other = await startSide({ ...buckets, MEDIA_BASE_URL });
  });
  after(async () => {
    for (const side of [one, other]) {
      await side?.db.destroy();
      await side?.platform.stop();
    }
    rmSync(folder, { recursive: true });
  });

  /** Everything that bob can see, with nothing left out that the other platform could have changed. */
  const seenBy = async ({ client, bob: caller }: Side) => {
    const ask = { user_id: alice };
    const [user, works, liked, comments, follows, followers, friends, chat] = await Promise.all([
      client.succeed('user', ask, caller),
      client.succeed('publishList', ask, caller),
      client.succeed('favoriteList', { user_id: bob }, caller),
      client.succeed('commentList', { video_id: videoId }, caller),
      client.succeed('followList', { user_id: bob }, caller),
      client.succeed('followerList', ask, caller),
      client.succeed('friendList', { user_id: bob }, caller),
      client.succeed('chat', { to_user_id: alice }, caller),
    ]);
    const { total_favorited, follower_count, work_count, is_follow } = user.user;
    return {
      alice: { total_favorited, follower_count, work_count, is_follow },
      works: works.video_list.map(({ title, favorite_count }) => [title, favorite_count]),
      lists: [
        liked.video_list.length,
        comments.comment_list.length,
        follows.user_list.length,
        followers.user_list.length,
        friends.user_list.length,
        chat.message_list.length,
      ],
    };
  };
  const untouched = {
    alice: { total_favorited: 0, follower_count: 0, work_count: 1, is_follow: false },
    works: [['the first', 0]],
    lists: [0, 0, 0, 0, 0, 0],
  };
  const changed = {
    alice: { total_favorited: 1, follower_count: 1, work_count: 2, is_follow: true },
    works: [
      ['the second', 0],
      ['the first', 1],
    ],
    lists: [1, 1, 1, 1, 0, 1],
  };

  const actOn = async ({ client, alice: author, bob: caller, db }: Side) => {
    await client.succeed('favorite', { video_id: videoId, action_type: 1 }, caller);
    await client.succeed('relation', { to_user_id: alice, action_type: 1 }, caller);
    await client.succeed('comment', { video_id: videoId, action_type: 1, comment_text: 'hello' }, caller);
    await client.succeed('message', { to_user_id: alice, action_type: 1, content: 'hello' }, caller);
    const clip = await openAsBlob(join(folder, 'clip.mp4'));
    const published = await client.publish([
      ['token', author.token],
      ['title', 'the second'],
      ['data', clip],
    ]);
    assert.equal(published.status_code, 0);
    await eventually('the like to be written', () => db('favorite').where({ user_id: bob, liked: true }).first());
    await eventually('the video to be ready', () => db('video').where({ title: 'the second', state: 'ready' }).first());
  };

  it('see nothing of what is done on the other one', async () => {
    assert.deepEqual([await seenBy(one), await seenBy(other)], [untouched, untouched]);
    await actOn(one);
    await shortly(changed, () => seenBy(one));
    assert.deepEqual(await seenBy(other), untouched);
    await actOn(other);
    await shortly(changed, () => seenBy(other));
    assert.deepEqual(await seenBy(one), changed);
    for (const { db } of [one, other]) assert.equal((await db('video')).length, 2);
  });

  it('accept only tokens of their own, and end only sessions of their own', async () => {
    const stranger = { token: one.bob.token };
    assert.equal(await other.client.refusal('favorite', { video_id: videoId, action_type: 2 }, stranger), 40101);
    const headers = { authorization: `Bearer ${one.bob.token}` };
    const { status } = await fetch(`${one.platform.url}/v1/logout-everywhere`, { method: 'POST', headers });
    assert.equal(status, 204);
    await eventually('the end of the session', async () => {
      const { status_code } = await one.client.call('favorite', { video_id: videoId, action_type: 1 }, one.bob);
      return status_code === 40101;
    });
    await other.client.succeed('favorite', { video_id: videoId, action_type: 1 }, other.bob);
  });

  it('leave no name on a server that does not begin with their prefix', async () => {
    const sides = [one.platform.settings, other.platform.settings];
    const now = await namesOn(one.platform.settings);
    const isOf = (name: string, prefixes: readonly string[]) => prefixes.some((prefix) => name.startsWith(prefix));
    const fresh = (kind: keyof Names) => [...now[kind]].filter((name) => !namesBefore[kind].has(name));
    const prefixes = {
      keys: sides.map((settings) => `${settings.CACHE_KEY_PREFIX}:`),
      topics: sides.map((settings) => `${settings.KAFKA_TOPIC_PREFIX}.`),
      groups: sides.map((settings) => `${settings.KAFKA_TOPIC_PREFIX}.`),
      objects: sides.map((settings) => `${settings.OBJECT_STORE_PREFIX}/`),
    };
    for (const kind of ['keys', 'topics', 'groups', 'objects'] as const) {
      assert.deepEqual(
        fresh(kind).filter((name) => !isOf(name, prefixes[kind])),
        [],
        kind,
      );
    }
    for (const kind of ['keys', 'groups', 'objects'] as const) {
      for (const prefix of prefixes[kind])
        assert.ok(
          [...now[kind]].some((name) => name.startsWith(prefix)),
          prefix,
        );
    }
  });
});

type Names = Record<'keys' | 'topics' | 'groups' | 'objects', ReadonlySet<string>>;

async function startSide(
  settings: Record<string, string>,
  prepare?: (servers: BackendSettings) => Promise<void>,
): Promise<Side> {
  let db: Knex | undefined;
  const platform = await startPlatform({
    settings,
    prepare: async (servers) => {
      db = connectDatabase(servers);
      await fillPeople(db);
      await prepare?.(servers);
    },
  });
  if (!db) throw new Error('the platform was not prepared');
  const callerOf = (id: number, name: string): Caller => ({ id, name, token: platform.tokens.issue(id) });
  const client = createApiClient(platform.url);
  return { platform, db, client, alice: callerOf(alice, 'alice'), bob: callerOf(bob, 'bob') };
}

async function fillPeople(db: Knex): Promise<void> {
  const users = [
    { id: alice, username: 'alice', name: 'Alice', created_at: 1 },
    { id: bob, username: 'bob', name: 'Bob', created_at: 1 },
  ];
  await db('user').insert(users);
  await db('credential').insert(users.map(({ id }) => ({ user_id: id, password_hash: 'x', updated_at: 1 })));
  await db('user_counter').insert([{ user_id: alice, work_count: 1 }, { user_id: bob }]);
  await db('video').insert({
    ...{ id: videoId, author_id: alice, title: 'the first', state: 'ready', original_path: 'o' },
    ...{
      play_path: 'play.mp4',
      cover_path: 'cover.jpg',
      created_at: 1_700_000_000_000,
      published_at: 1_700_000_000_000,
    },
  });
}

/** Everything that has a name on the servers that both use. */
async function namesOn(settings: BackendSettings): Promise<Names> {
  const redis = connectRedis(settings);
  const store = createObjectStore(settings);
  const admin = new Kafka({ brokers: settings.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const objects: string[] = [];
  for (const bucket of ['originals', 'media'] as const) {
    for await (const { path } of store.list(bucket, '')) objects.push(path);
  }
  const { groups } = await admin.listGroups();
  const names = {
    keys: new Set(await keysLike(redis, '*')),
    topics: new Set((await admin.listTopics()).filter((topic) => !topic.startsWith('__'))), // Kafka's own
    groups: new Set(groups.map(({ groupId }) => groupId)),
    objects: new Set(objects),
  };
  await admin.disconnect();
  store.close();
  redis.disconnect();
  return names;
}
