import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeClip } from './clips.ts';

/** Without any of the options that the policy gives: what an attacker who commands the process would be left with. */
describe('the launcher of ffmpeg', function () {
  this.timeout(30_000);
  const parent = mkdtempSync(join(tmpdir(), 'tiktok-lite-launcher-'));
  const [work, other] = [join(parent, 'work'), join(parent, 'other')];
  before(() => {
    for (const folder of [work, other]) mkdirSync(folder);
    makeClip(join(work, 'clip.mp4'), { seconds: 1, size: '64x64' });
    makeClip(join(other, 'foreign.mp4'), { seconds: 1, size: '64x64' });
  });
  after(() => rmSync(parent, { recursive: true }));

  const run = (tool: 'ffmpeg' | 'ffprobe', ...args: string[]) => {
    const launcher = fileURLToPath(new URL(`../ffmpeg/launcher/${tool}`, import.meta.url));
    const quiet = ['-hide_banner', '-loglevel', 'error'];
    const { status, stderr } = spawnSync(launcher, [...quiet, ...args], {
      ...{ cwd: work, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', SECRET: 'secret' } },
    });
    return { status, log: stderr };
  };
  const encode = (input: string, output: string) => run('ffmpeg', '-y', '-i', input, '-c:v', 'libx264', output);

  it('lets it work on the files of the working folder, also by their whole path', () => {
    assert.deepEqual(encode('clip.mp4', join(work, 'made.mp4')), { status: 0, log: '' });
    assert.deepEqual(run('ffprobe', '-i', join(work, 'made.mp4')), { status: 0, log: '' });
  });

  it('lets it open no file outside, whoever may read it', () => {
    const { status, log } = encode(join(other, 'foreign.mp4'), 'stolen.mp4');
    assert.notEqual(status, 0);
    assert.match(log, /foreign\.mp4: Permission denied/);
    assert.match(run('ffprobe', '-f', 'data', '-i', '/etc/passwd').log, /Permission denied/);
    assert.match(run('ffprobe', '-f', 'data', '-i', '/proc/self/environ').log, /Permission denied/);
  });

  it('lets it write nothing outside', () => {
    assert.match(encode('clip.mp4', join(other, 'planted.mp4')).log, /Permission denied/);
    assert.ok(!existsSync(join(other, 'planted.mp4')));
  });

  it('follows no playlist out of the folder, even where the policy lets it try', () => {
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${join(other, 'foreign.mp4')}\n#EXT-X-ENDLIST\n`;
    writeFileSync(join(work, 'list.m3u8'), list);
    assert.notEqual(encode('list.m3u8', 'stolen.mp4').status, 0);
  });

  it('lets it reach nobody, over no protocol', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const protocol of ['tcp', 'http', 'udp', 'rtp']) {
      assert.match(run('ffprobe', '-i', `${protocol}://127.0.0.1:${port}/x`).log, /Permission denied/, protocol);
    }
    assert.match(run('ffprobe', '-i', 'unix:/run/some.sock').log, /Permission denied/);
    server.close();
  });
});
