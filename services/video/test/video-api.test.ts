import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { LikeEvent, topicName } from '../../shared/topics.ts';
import { startVideoService, type VideoService } from './fixture.ts';

describe('video API', function () {
  this.timeout(90_000);
  let service: VideoService;
  let authorId: number;
  let viewerId: number;
  beforeEach(async () => {
    service = await startVideoService({ feedPageSize: 3 });
    authorId = await insertUser(service.db, { name: 'Ada' });
    viewerId = await insertUser(service.db, { name: 'Ben' });
  });
  afterEach(() => service.close());

  const publish = (fields: { title?: string; state?: 'processing' | 'failed' } = {}) =>
    insertVideo(service.db, { authorId, ...fields });
  const feed = (parameters = {}, viewer?: number) => service.get('/douyin/feed/', parameters, viewer);
  const publishList = (parameters = {}, viewer?: number) => service.get('/douyin/publish/list/', parameters, viewer);
  const favoriteList = (parameters = {}, viewer?: number) => service.get('/douyin/favorite/list/', parameters, viewer);

  describe('feed', () => {
    it('shows every field of a ready video and its author', async () => {
      const id = await publish({ title: 'A "first" 🎬' });
      const { video_list, ...rest } = await feed();
      assert.deepEqual(rest, { httpStatus: 200, status_code: 0, status_msg: 'ok', next_time: 0 });
      assert.deepEqual(video_list, [
        {
          ...{ id, title: 'A "first" 🎬', hls_url: '', state: 'ready', width: 720, height: 1280, duration_ms: 15_000 },
          ...{ created_at: 1_700_000_000_000 + id, favorite_count: 0, comment_count: 0, is_favorite: false },
          ...{ play_url: `http://media/bucket/play/${id}.mp4`, cover_url: `http://media/bucket/cover/${id}.jpg` },
          author: {
            ...{ id: authorId, name: 'Ada', signature: '', follow_count: 0, follower_count: 0, total_favorited: 0 },
            ...{ work_count: 0, favorite_count: 0, is_follow: false, avatar: '', background_image: '' },
          },
        },
      ]);
    });

    it('pages to the end and begins again, whichever way the time is written', async () => {
      const ids: number[] = [];
      for (let index = 0; index < 7; index += 1) ids.unshift(await publish());
      const seen: number[] = [];
      let latest_time = 0;
      do {
        const page = await feed({ latest_time });
        seen.push(...page.video_list.map(({ id }) => id));
        latest_time = page.next_time;
      } while (latest_time !== 0);
      assert.deepEqual(seen, ids);
      for (const newest of ['', '0', '9e12', String(Math.ceil(Date.now() / 1000) + 60)])
        assert.equal((await feed({ latest_time: newest })).video_list[0]?.id, ids[0]);
      assert.deepEqual((await feed({ latest_time: '1000' })).video_list, []);
      assert.equal((await feed({ latest_time: 'soon' })).status_code, 40001);
    });

    it('is public: a token that is not valid is an anonymous caller', async () => {
      await publish();
      const answer = await feed({ token: 'nonsense' });
      assert.deepEqual([answer.status_code, answer.video_list.length], [0, 1]);
    });
  });

  describe('publish list', () => {
    it('shows the author what is not ready, and why, and others only what is', async () => {
      const ready = await publish();
      const failed = await publish({ state: 'failed' });
      await service.db('video').where('id', failed).update({ reason: 'it has no picture' });
      const processing = await publish({ state: 'processing' });
      const own = (await publishList({}, authorId)).video_list;
      assert.deepEqual(
        own.map(({ id, state, reason }) => [id, state, reason]),
        [
          [processing, 'processing', ''],
          [failed, 'failed', 'it has no picture'],
          [ready, 'ready', undefined],
        ],
      );
      assert.equal(own[0]?.play_url, `http://originals/originals/${processing}.mov?signature=1`);
      assert.equal(own[0]?.cover_url, 'http://platform/processing.png');
      for (const viewer of [viewerId, undefined]) {
        const { video_list } = await publishList({ user_id: authorId }, viewer);
        assert.deepEqual(
          video_list.map(({ id }) => id),
          [ready],
        );
      }
    });

    it('pages by limit and cursor', async () => {
      const ids = [await publish(), await publish(), await publish()].reverse();
      const first = await publishList({ user_id: authorId, limit: 2 });
      const second = await publishList({ user_id: authorId, limit: 2, cursor: first.next_cursor });
      assert.deepEqual(
        [...first.video_list, ...second.video_list].map(({ id }) => id),
        ids,
      );
      assert.equal('next_cursor' in second, false);
      assert.equal((await publishList({ user_id: authorId, limit: 201 })).status_code, 40001);
    });

    it('says when there is no such user, and needs one', async () => {
      const missing = await publishList({ user_id: 1 });
      assert.deepEqual([missing.status_code, missing.video_list], [40402, []]);
      assert.equal((await publishList()).status_code, 40001);
    });
  });

  describe('favorite action and list', () => {
    it('are read by the caller at once, in every list and count', async () => {
      const [first, second] = [await publish(), await publish()];
      for (const video_id of [first, second, first]) {
        assert.deepEqual(await service.act(viewerId, { video_id, action_type: 1 }), {
          ...{ httpStatus: 200, status_code: 0, status_msg: 'ok' },
        });
      }
      const seen = (await feed({}, viewerId)).video_list;
      assert.deepEqual(
        seen.map((video) => [video.favorite_count, video.is_favorite]),
        [
          [1, true],
          [1, true],
        ],
      );
      assert.equal(seen[0]?.author.total_favorited, 2);
      assert.deepEqual(
        (await favoriteList({ user_id: viewerId })).video_list.map(({ id }) => id),
        [second, first], // what was liked again keeps its place
      );
      assert.deepEqual(
        (await feed()).video_list.map((video) => video.is_favorite),
        [false, false],
      );

      await service.act(viewerId, { video_id: first, action_type: 2 });
      await service.act(viewerId, { video_id: first, action_type: 2 });
      const after = (await favoriteList({}, viewerId)).video_list;
      assert.deepEqual(
        after.map(({ id, favorite_count }) => [id, favorite_count]),
        [[second, 1]],
      );
    });

    it('page by limit and cursor', async () => {
      const ids = [await publish(), await publish(), await publish()];
      for (const video_id of ids) await service.act(viewerId, { video_id, action_type: 1 });
      const first = await favoriteList({ user_id: viewerId, limit: 2 });
      const second = await favoriteList({ user_id: viewerId, limit: 2, cursor: first.next_cursor });
      assert.deepEqual(
        [...first.video_list, ...second.video_list].map(({ id }) => id),
        ids.toReversed(),
      );
    });

    it('send each action to Kafka before the reply, with growing versions', async () => {
      const video_id = await publish();
      for (const action_type of [1, 2, 1]) await service.act(viewerId, { video_id, action_type });
      const events: LikeEvent[] = [];
      const consumer = service.kafka.consume({
        topic: topicName(service.topicPrefix, 'likes'),
        group: `${service.topicPrefix}.test`,
        schema: LikeEvent,
        handleBatch: async (messages) => void events.push(...messages.map(({ message }) => message)),
        deadLetter: async () => undefined,
      });
      while (events.length < 3) await pause(20);
      await consumer.stop();
      assert.deepEqual(
        events.map(({ version, ...event }) => event),
        [true, false, true].map((liked) => ({ userId: viewerId, videoId: video_id, authorId, liked })),
      );
      const versions = events.map(({ version }) => version);
      assert.deepEqual(
        versions,
        versions.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(versions).size, 3);
    });

    it('refuse callers without a valid token, videos that nobody can see, and nonsense', async () => {
      const [ready, processing] = [await publish(), await publish({ state: 'processing' })];
      const codeOf = async (viewer: number | undefined, body: Record<string, string | number>) =>
        (await service.act(viewer, body)).status_code;
      assert.equal(await codeOf(undefined, { video_id: ready, action_type: 1 }), 40101);
      assert.equal(await codeOf(undefined, { video_id: ready, action_type: 1, token: 'nonsense' }), 40101);
      assert.equal(await codeOf(viewerId, { video_id: 5, action_type: 1 }), 40401);
      assert.equal(await codeOf(viewerId, { video_id: processing, action_type: 1 }), 40401);
      assert.equal(await codeOf(viewerId, { video_id: 0, action_type: 2 }), 40001);
      assert.equal(await codeOf(viewerId, { video_id: ready, action_type: 3 }), 40001);
      assert.equal(await codeOf(viewerId, { video_id: ready }), 40001);
      assert.deepEqual((await favoriteList({}, viewerId)).video_list, []);
    });
  });
});
