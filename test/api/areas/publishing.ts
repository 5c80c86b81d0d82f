import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../../eventually.ts';
import type { Caller } from '../client.ts';
import { type ApiUnderTest, newName, shortly } from '../platform.ts';

const run = promisify(execFile);

/** Uploads, and what becomes of them. */
export const publishing = (api: ApiUnderTest) =>
  describe('publishing', () => {
    const ownList = async (author: Caller) => (await api.client.succeed('publishList', {}, author)).video_list;
    const listSeenBy = async (author: Caller, viewer?: Caller) =>
      (await api.client.succeed('publishList', { user_id: author.id }, viewer)).video_list;
    const answers = async (url: string) => {
      const response = await fetch(url, { headers: { range: 'bytes=0-0' } });
      await response.body?.cancel();
      return response.ok;
    };

    it('shows the author the video at once and everybody when it is ready [3, 6]', async () => {
      const [author, viewer] = [await api.register(), await api.register()];
      for (let read = 0; read < 4; read += 1) assert.deepEqual(await ownList(author), []);
      const title = newName('a clip 短视频 ');
      const parts = [
        ['data', await api.clip()],
        ['token', author.token],
        ['title', title],
      ] as const;
      assert.equal((await api.client.publish(parts)).status_code, 0);

      // Both replicas are asked, and have both been asked before.
      for (let read = 0; read < 4; read += 1) {
        const [own] = await ownList(author);
        assert.equal(own?.title, title);
        assert.ok(own && (await answers(own.play_url)) && (await answers(own.cover_url)));
      }
      const ready = await eventually('the video to be ready', async () => (await listSeenBy(author, viewer))[0]);
      assert.equal(ready.state, 'ready');
      // It enters the feed at the top.
      await shortly(ready.id, async () => (await api.client.succeed('feed')).video_list[0]?.id);
      await shortly(1, async () => (await api.client.succeed('user', {}, author)).user.work_count);
      for (const url of [ready.play_url, ready.cover_url]) assert.ok(await answers(url), url);
    });

    it('makes of a small upload what every player plays: H.264 in an MP4 [R5, R6]', async () => {
      const clip = await api.clip();
      assert.ok(clip.size < 1024 ** 2);
      const video = await api.publishReady(await api.register(), newName('to play'));
      const response = await fetch(video.play_url);
      assert.equal(response.headers.get('content-type'), 'video/mp4');
      assert.equal(Buffer.from(await response.arrayBuffer()).toString('latin1', 4, 8), 'ftyp');
      const shown = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', video.play_url];
      const { stdout } = await run('ffprobe', shown);
      assert.deepEqual(stdout.trim().split('\n').sort(), ['aac', 'h264']);
      assert.ok(video.width > 0 && video.height > 0 && video.duration_ms > 500);
    });

    it('takes the parts of the form in any order, and the token from the query or a header', async () => {
      const author = await api.register();
      const [token, title] = [['token', author.token] as const, ['title', 'any order'] as const];
      const data = ['data', await api.clip()] as const;
      const orders = [
        [token, title, data],
        [data, title, token],
        [title, data, token],
      ];
      for (const parts of orders) assert.equal((await api.client.publish(parts)).status_code, 0);
      assert.equal((await api.client.publish([data, title], { token: author.token })).status_code, 0);
      const listed = await ownList(author);
      assert.deepEqual(
        listed.map((video) => video.title),
        ['any order', 'any order', 'any order', 'any order'],
      );
    });

    it('tells the author, and nobody else, what failed and why [B]', async () => {
      const [author, viewer] = [await api.register(), await api.register()];
      const clip = await api.clip();
      const half = clip.slice(0, 2_000, clip.type);
      const title = newName('half a file');
      const answer = await api.client.publish([
        ['token', author.token],
        ['title', title],
        ['data', half],
      ]);
      assert.equal(answer.status_code, 0);
      const failed = await eventually('the failure', async () =>
        (await ownList(author)).find(({ state }) => state === 'failed'),
      );
      assert.match(failed.reason ?? '', /\w+ \w+/);
      assert.deepEqual(await listSeenBy(author, viewer), []);
      assert.deepEqual(await listSeenBy(author), []);
      assert.equal((await api.client.succeed('user', { user_id: author.id })).user.work_count, 0);
      assert.equal(await api.client.refusal('favorite', { video_id: failed.id, action_type: 1 }, viewer), 40401);
    });

    it('refuses what is no video, titles that are too long, and callers without a token, and keeps nothing of it', async () => {
      const author = await api.register();
      const token = ['token', author.token] as const;
      const clip = ['data', await api.clip()] as const;
      const refused: [number, Parameters<typeof api.client.publish>[0]][] = [
        [41501, [token, ['data', new Blob(['#EXTM3U\nfile:///etc/passwd'])]]],
        [40001, [token, clip, ['title', '长'.repeat(101)]]],
        [40001, [token, ['title', 'no file']]],
        [40101, [clip]],
        [40101, [clip, ['token', 'not-a-token']]],
      ];
      for (const [code, parts] of refused) assert.equal((await api.client.publish(parts)).status_code, code);
      assert.deepEqual(await ownList(author), []);
    });
  });
