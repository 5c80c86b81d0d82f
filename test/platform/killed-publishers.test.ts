import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createKafka } from '../../services/shared/kafka/client.ts';
import { createLogger } from '../../services/shared/logger.ts';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { createObjectStore } from '../../services/shared/object-store/object-store.ts';
import { topicName, UploadEvent } from '../../services/shared/topics.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { eventually } from '../eventually.ts';
import { type PlatformUnderTest, startPlatform } from './index.ts';
import type { Moment } from './publisher-that-dies.ts';

/** A few in every test run; `make test-outbox` wants 200. */
const kills = Number(process.env.OUTBOX_KILLS ?? 6);
const atOnce = 2;
const authorId = 42;
const script = fileURLToPath(new URL('./publisher-that-dies.ts', import.meta.url));

describe(`${kills} publishers that are killed between their commit and the sending`, function () {
  this.timeout(120_000 + kills * 5_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-clips-'));
  let platform: PlatformUnderTest;
  let db: Knex;
  before(async () => {
    // Its publish process has nothing to do with those that die: its relay looks for what nobody woke it for.
    platform = await startPlatform({ replicas: { auth: 0, user: 0, video: 0, 'like-writer': 0 } });
    db = connectDatabase(platform.settings);
    await db('user_counter').insert({ user_id: authorId });
  });
  after(async () => {
    await db.destroy();
    await platform.stop();
    rmSync(folder, { recursive: true });
  });

  const storeOriginal = async (): Promise<string> => {
    const clip = join(folder, 'clip.mp4');
    makeClip(clip, { seconds: 1, size: '160x120', framesPerSecond: 10 });
    const store = createObjectStore(platform.settings);
    const path = `${platform.settings.OBJECT_STORE_PREFIX}/original.mp4`;
    await store.put({ bucket: 'originals', path, contentType: 'video/mp4' }, createReadStream(clip));
    store.close();
    return path;
  };

  const publishAndDie = async (videoId: number, originalPath: string): Promise<void> => {
    const publication = { videoId, authorId, title: `clip ${videoId}`, originalPath, eventId: videoId };
    const moment: Moment = videoId % 2 === 0 ? 'send' : 'commit';
    const args = [script, JSON.stringify(platform.settings), JSON.stringify(publication), moment];
    const publisher = spawn(process.execPath, args, { stdio: 'inherit' });
    assert.deepEqual(await once(publisher, 'exit'), [null, 'SIGKILL']);
  };

  /** The videos that the events in Kafka name, as often as they do. */
  const readEvents = async (expected: number): Promise<number[]> => {
    const { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix } = platform.settings;
    const logger = createLogger({ component: 'test', level: 'silent' });
    const kafka = createKafka({ brokers, clientId: 'test', logger });
    const videoIds: number[] = [];
    const query = { topic: topicName(prefix, 'uploads'), group: `${prefix}.test` };
    const reader = kafka.consume({
      ...{ ...query, schema: UploadEvent, deadLetter: async () => assert.fail('an event cannot be read') },
      handleBatch: async (messages) => void videoIds.push(...messages.map(({ message }) => message.videoId)),
    });
    while (videoIds.length < expected || (await kafka.backlog(query)).length > 0) await pause(100);
    await reader.stop();
    return videoIds;
  };

  it('leave no event out and no upload that never becomes ready', async () => {
    const originalPath = await storeOriginal();
    const videoIds = Array.from({ length: kills }, (_, index) => 1_000 + index);
    const waiting = [...videoIds];
    const killSome = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await publishAndDie(id, originalPath);
    };
    await Promise.all(Array.from({ length: atOnce }, killSome));
    assert.equal((await db('upload')).length, kills);

    const notReady = () => db('video').whereNot('state', 'ready').pluck('id');
    while ((await notReady()).length > 0) await pause(200); // the test's own time limit ends it
    const isEmpty = async (query: PromiseLike<number[]>) => (await query).length === 0;
    await eventually('every upload to be done', () =>
      isEmpty(db('upload').whereNot('state', 'done').pluck('video_id')),
    );
    await eventually('every event to be sent', () => isEmpty(db('outbox').whereNull('sent_at').pluck('id')));
    const events = await readEvents(kills);
    assert.deepEqual([...new Set(events)].sort(), videoIds);
    const [{ work_count }] = await db('user_counter').where('user_id', authorId);
    assert.equal(work_count, kills);
    console.log(`      ${kills} kills, ${kills} ready videos, ${events.length} events`);
  });
});
