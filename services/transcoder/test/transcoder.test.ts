import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../../../test/eventually.ts';
import { guardIdleConnections } from '../../shared/kafka/idle-guard.ts';
import { connectDatabase, type Knex, transact } from '../../shared/mysql/database.ts';
import { createObjectStore, type ObjectStore } from '../../shared/object-store/object-store.ts';
import { enqueue } from '../../shared/outbox/enqueue.ts';
import { topicName } from '../../shared/topics.ts';
import { makeClip } from './clips.ts';
import { isEncoding, type Process, sendClip, startPlatform } from './processes.ts';

const authorId = 42;

describe('transcoder processes', function () {
  this.timeout(400_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-clips-'));
  const clip = (name: string) => join(folder, name);
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let publish: Process;
  let transcoder: Process;
  let db: Knex;
  let store: ObjectStore;

  before(async () => {
    platform = await startPlatform();
    db = connectDatabase(platform.settings);
    store = createObjectStore(platform.settings);
    await db('user_counter').insert({ user_id: authorId });
    [publish, transcoder] = await Promise.all([platform.start('publish'), platform.start('transcoder')]);
    makeClip(clip('short.mp4'), { seconds: 2, size: '1280x720' });
    makeClip(clip('long.mp4'), {
      seconds: 12,
      size: '1280x720',
      output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '40'],
    });
  });
  after(async () => {
    await platform.stop();
    store.close();
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  const upload = async (file: string): Promise<number> => {
    await sendClip(publish, { token: platform.tokens.issue(authorId), file, title: 'a clip' });
    return (await db('video').orderBy('id', 'desc').first()).id;
  };
  const over = (videoId: number, state: 'ready' | 'failed') =>
    eventually(`the video is ${state}`, () => db('video').where({ id: videoId, state }).first(), 180);
  /** All sizes are there. */
  const whole = async (videoId: number) => {
    await eventually('the work is done', () => db('upload').where({ video_id: videoId, state: 'done' }).first(), 180);
    return over(videoId, 'ready');
  };
  const workCount = async () => (await db('user_counter').where({ user_id: authorId }).first()).work_count;
  const admin = async <Result>(ask: (admin: ReturnType<Kafka['admin']>) => Promise<Result>) => {
    guardIdleConnections();
    const kafka = new Kafka({ brokers: platform.settings.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
    const client = kafka.admin();
    await client.connect();
    return ask(client).finally(() => client.disconnect());
  };
  /** Messages that the group has not committed. */
  const lag = () =>
    admin(async (client) => {
      const topic = topicName(platform.settings.KAFKA_TOPIC_PREFIX, 'uploads');
      const ends = await client.fetchTopicOffsets(topic);
      const groupId = `${platform.settings.KAFKA_TOPIC_PREFIX}.transcoder`;
      const [committed] = await client.fetchOffsets({ groupId, topics: [topic] });
      const sum = (offsets: { offset: string }[]) =>
        offsets.reduce((total, { offset }) => total + Math.max(0, Number(offset)), 0);
      return sum(ends) - sum(committed?.partitions ?? []);
    });

  it('make what is uploaded ready: rows, counts, files that anybody can fetch', async () => {
    const countBefore = await workCount();
    const videoId = await upload(clip('short.mp4'));
    const video = await over(videoId, 'ready');
    assert.deepEqual([video.width, video.height, video.title], [1280, 720, 'a clip']);
    assert.equal(await workCount(), countBefore + 1);
    const url = `${platform.settings.OBJECT_STORE_ENDPOINT}/${platform.settings.OBJECT_STORE_MEDIA_BUCKET}/${video.play_path}`;
    const response = await fetch(url, { headers: { range: 'bytes=4-7' } });
    assert.deepEqual([response.status, await response.text()], [206, 'ftyp']);
    await eventually('all is committed', async () => (await lag()) === 0, 180);
  });

  it('tell the author why a file cannot become a video', async () => {
    const damaged = readFileSync(clip('short.mp4'));
    writeFileSync(clip('damaged.mp4'), damaged.fill(0, 100));
    const playlist = '#EXTM3U\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n';
    writeFileSync(clip('hidden-playlist.mp4'), `\0\0\0\x18ftypisom${playlist}`);
    for (const file of ['damaged.mp4', 'hidden-playlist.mp4']) {
      const { reason } = await over(await upload(clip(file)), 'failed');
      assert.match(reason, /^The file is not a video that can be read\.$/);
    }
    await eventually('all is committed', async () => (await lag()) === 0, 180);
  });

  it('count a video once when its message comes again', async () => {
    const videoId = await upload(clip('short.mp4'));
    const first = await whole(videoId);
    const countBefore = await workCount();
    await transact(db, (trx) =>
      enqueue(trx, { id: videoId, topic: 'uploads', key: String(videoId), payload: { videoId, authorId } }),
    );
    await eventually(
      'the event is sent',
      async () => (await db('outbox').where({ id: videoId }).whereNotNull('sent_at')).length === 1,
      180,
    );
    await eventually('all is committed', async () => (await lag()) === 0, 180);
    assert.deepEqual(await over(videoId, 'ready'), first);
    assert.equal(await workCount(), countBefore);
  });

  it('finish what they have begun when they are told to stop, and leave the rest to others', async () => {
    const running = await upload(clip('long.mp4'));
    await eventually('ffmpeg is at work', async () => isEncoding(transcoder), 180);
    const waiting = await upload(clip('short.mp4'));
    const [leaving, heir] = [transcoder, platform.start('transcoder')];
    await Promise.all([leaving.end('SIGTERM'), heir]);
    transcoder = await heir;
    assert.equal(leaving.child.exitCode, 0, leaving.log());
    assert.equal((await over(running, 'ready')).state, 'ready');
    assert.equal((await db('upload').where({ video_id: running }).first()).attempts, 1);
    await over(waiting, 'ready');
    await eventually('all is committed', async () => (await lag()) === 0, 180);
  });

  it('leave no file behind on the disk of a process that stops', async () => {
    await pause(100);
    await transcoder.end('SIGTERM');
    assert.deepEqual(readdirSync(transcoder.ffmpeg?.settings.FFMPEG_FOLDER ?? ''), []);
  });
});
