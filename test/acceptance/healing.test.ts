import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import type { Account } from './api-client.ts';
import { makeClip } from './media.ts';
import { isReady, sharedPlatform } from './platform.ts';

/** Every component that a person could delete the pods of; the operator is deleted by its own label. */
const components = [
  'auth',
  'user',
  'video',
  'publish',
  'like-writer',
  'transcoder',
  'gateway',
  'mysql',
  'redis',
  'kafka',
  'object-store',
];

describe('pods deleted in the middle of work', function () {
  this.timeout(600_000);

  let folder: string;
  let author: Account;
  let videoId: number;
  const fans: Account[] = [];

  before(async () => {
    const { api } = await sharedPlatform();
    folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-'));
    await makeClip(join(folder, 'clip.mp4'), { seconds: 3, size: '640x360' });
    author = await api.register(`steady-${Date.now()}`, 'a password of mine');
    for (let index = 0; index < 5; index += 1)
      fans.push(await api.register(`fan-${index}-${Date.now()}`, 'a password of mine'));
    await api.publish(author.token, join(folder, 'clip.mp4'), 'steady');
    const video = await eventually(
      'the first video',
      async () => (await api.published(author)).video_list.find(({ state }) => state === 'ready'),
      60,
    );
    videoId = video.id;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Likes or takes back until it is acknowledged, as a client is told to when it gets no answer. */
  const settleOn = async (fan: Account, liked: boolean, circumstance: string): Promise<void> => {
    const { api } = await sharedPlatform();
    await eventually(
      `an acknowledged like while ${circumstance}`,
      async () => {
        const answer = await (liked ? api.like(fan.token, videoId) : api.unlike(fan.token, videoId));
        return answer.status_code === 0;
      },
      120,
    );
  };

  it('lose no acknowledged like and no accepted video', async () => {
    const { api, kubectl, name, operatorKubectl, queryDatabase } = await sharedPlatform();
    const clip = join(folder, 'clip.mp4');
    let accepted = 1;
    let liked = false;

    for (const component of components) {
      const upload = api.publish(author.token, clip, `while ${component} is killed`).catch(() => undefined);
      const labels = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=${component}`;
      await kubectl('delete', 'pod', '-l', labels, '--wait=false');
      if ((await upload)?.status_code === 0) accepted += 1;
      liked = !liked;
      for (const fan of fans) await settleOn(fan, liked, `${component} is killed`);
    }
    await operatorKubectl('delete', 'pod', '-l', 'app.kubernetes.io/name=tiktok-lite-operator', '--wait=false');

    await eventually('Ready again', async () => isReady(await kubectl.get('tiktoklite', name)), 180);
    const likes = liked ? fans.length : 0;
    await eventually(
      'every acknowledged like in the database',
      async () => {
        const count = await queryDatabase(`SELECT favorite_count FROM video_counter WHERE video_id = ${videoId}`);
        return count === String(likes);
      },
      120,
    );
    const rows = await queryDatabase(`SELECT COUNT(*) FROM favorite WHERE video_id = ${videoId} AND liked = 1`);
    assert.equal(rows, String(likes));
    await eventually(
      'every accepted video ready',
      async () => {
        const { video_list } = await api.published(author);
        return video_list.length >= accepted && video_list.every(({ state }) => state === 'ready');
      },
      240,
    );
  });
});
