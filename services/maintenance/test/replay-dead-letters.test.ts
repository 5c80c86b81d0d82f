import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { freePort } from '../../../test/backends/child-server.ts';
import { eventually } from '../../../test/eventually.ts';
import { describeFailure } from '../../shared/kafka/aside.ts';
import { createKafka, type KafkaPort } from '../../shared/kafka/client.ts';
import type { RunningConsumer } from '../../shared/kafka/consumer-life.ts';
import type { Producer } from '../../shared/kafka/producer.ts';
import { createLogger } from '../../shared/logger.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { likeLifetimeMs, type TopicId, topicName } from '../../shared/topics.ts';
import { freshSettings, runJob } from './run-job.ts';

const likeWriter = fileURLToPath(new URL('../../like-writer/main.ts', import.meta.url));

describe('the replay of dead letters', function () {
  this.timeout(120_000);
  let settings: Awaited<ReturnType<typeof freshSettings>>;
  let db: Knex;
  let kafka: KafkaPort;
  let producer: Producer;
  let userId: number;
  let authorId: number;
  let videoId: number;
  const readers: RunningConsumer[] = [];
  let writer: ChildProcess | undefined;

  before(async () => {
    settings = await freshSettings();
    db = connectDatabase(settings);
    const logger = createLogger({ component: 'test', level: 'silent' });
    kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'test', logger });
    producer = kafka.producer();
    [userId, authorId] = [await insertUser(db), await insertUser(db)];
    videoId = await insertVideo(db, { authorId });
    await db('user_counter').insert({ user_id: authorId, work_count: 1 });
  });
  after(async () => {
    writer?.kill('SIGKILL');
    await Promise.all(readers.map((reader) => reader.stop()));
    await producer.close();
    await db.destroy();
  });

  const bury = (topic: TopicId, value: string) => {
    const headers = { ...describeFailure('it failed'), 'retry-attempt': '5', origin: 'somewhere/0/1' };
    return producer.publish(topicName(settings.KAFKA_TOPIC_PREFIX, topic), [{ key: '1', value, headers }]);
  };
  /** Values and headers of what a topic holds and will get. */
  const collect = (topic: TopicId) => {
    const found: { value: string; headers: Record<string, string> }[] = [];
    const consumption = {
      topic: topicName(settings.KAFKA_TOPIC_PREFIX, topic),
      group: `${settings.KAFKA_TOPIC_PREFIX}.test-${topic}`,
      schema: Type.Unknown(),
      handleBatch: async (messages: readonly (typeof found)[number][]) => void found.push(...messages),
      deadLetter: async (message: (typeof found)[number]) => void found.push(message),
    };
    readers.push(kafka.consume(consumption));
    return found;
  };
  const replay = async () => {
    const { code, lines } = await runJob('replay-dead-letters', settings);
    assert.equal(code, 0, JSON.stringify(lines));
    const results = lines.filter(({ msg }) => /are through/.test(String(msg)));
    return results.map(({ replayed, refused, unreadable }) => [replayed, refused, unreadable]);
  };
  const like = (version: number) => JSON.stringify({ userId, videoId, authorId, version, liked: true });

  it('sends likes back once, as new ones, but none that is so old that it could undo a later action', async () => {
    const [young, old] = [like(Date.now() * 1000), like((Date.now() - likeLifetimeMs(24) - 60_000) * 1000)];
    for (const value of [young, old, 'not JSON']) await bury('likesDeadLetter', value);
    assert.deepEqual(await replay(), [
      [1, 1, 1],
      [0, 0, 0],
    ]);
    assert.deepEqual(await replay(), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const likes = collect('likes');
    await eventually('the young one', () => likes.length > 0);
    assert.deepEqual(
      likes.map(({ value, headers }) => [value, headers]),
      [[young, {}]],
    );
  });

  it('ends in rows and counters', async () => {
    const env = { ...settings, LOG_LEVEL: 'error', HEALTH_PORT: await freePort() };
    writer = spawn(process.execPath, [likeWriter], {
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually('the like is written', async () => (await db('favorite').where({ liked: true })).length === 1);
    assert.equal((await runJob('verify-counters', settings)).code, 0);
  });

  it('lets transcoders begin failed uploads afresh, and leaves those alone that are ready or gone', async () => {
    const failed = await insertVideo(db, { authorId, state: 'failed' });
    await db('video').where({ id: failed }).update({ reason: 'it could not be processed' });
    const state = { created_at: 1, updated_at: 1, attempts: 4 };
    await db('upload').insert([
      { video_id: failed, state: 'failed', reason: 'it could not be processed', ...state },
      { video_id: videoId, state: 'done', ...state },
    ]);
    for (const id of [failed, videoId, 5]) await bury('uploadsDeadLetter', JSON.stringify({ videoId: id, authorId }));
    assert.deepEqual((await replay())[1], [1, 2, 0]);
    const { state: upload, attempts } = await db('upload').where({ video_id: failed }).first();
    assert.deepEqual([upload, attempts], ['queued', 0]);
    const video = await db('video').where({ id: failed }).first();
    assert.deepEqual([video.state, video.reason], ['processing', '']);
    const uploads = collect('uploads');
    await eventually('the message', () => uploads.length > 0);
    assert.deepEqual(
      uploads.map(({ value }) => JSON.parse(value)),
      [{ videoId: failed, authorId }],
    );
  });
});
