import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsOf } from '../../../services/shared/settings.ts';
import type { TestedComponent } from '../../platform/index.ts';
import { lastingPort } from '../../platform/ports.ts';
import type { ApiUnderTest } from '../platform.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const components: readonly TestedComponent[] = ['video', 'like-writer', 'transcoder'];

interface Ending {
  code: number;
  output: string;
}

/** Runs an entry point until it ends by itself. */
const run = (folder: string, component: string, env: Record<string, string>): Promise<Ending> =>
  new Promise((resolve) => {
    const main = join(folder, 'services', component, 'main.ts');
    execFile(process.execPath, [main], { env: { PATH: '/usr/bin:/bin', ...env }, timeout: 30_000 }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout });
    });
  });

/** What happens when a process cannot start. */
export const boot = (api: ApiUnderTest) =>
  describe('a process that cannot start', function () {
    this.timeout(90_000);

    it('ends and names every setting that is missing, consumers like services [2, 5]', async () => {
      const endings = await Promise.all(components.map((component) => run(repository, component, {})));
      for (const [index, component] of components.entries()) {
        const { code, output } = endings[index] ?? { code: 0, output: '' };
        assert.equal(code, 1, component);
        for (const name of ['DATABASE_HOST', 'DATABASE_PASSWORD'])
          assert.ok(output.includes(`${name} is missing`), component);
      }
    });

    it('ends and names a setting that it does not know or whose value makes no sense [2]', async () => {
      const env: Record<string, string> = {
        ...api.platform.environmentOf('video'),
        FEED_CACHE_SIZE: '0',
        CACHE_TTL_SECONDS: '0',
      };
      const { code, output } = await run(repository, 'video', env);
      assert.equal(code, 1);
      assert.match(output, /CACHE_TTL_SECONDS is not a setting of video/);
      assert.match(output, /FEED_CACHE_SIZE must be a whole number from 30/);
      for (const name of settingsOf.video)
        if (/PASSWORD|KEYS/.test(name)) assert.ok(!output.includes(env[name] ?? name));
    });

    describe('because one of its scripts is broken', () => {
      let folder: string;
      before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-broken-'));
        await cp(join(repository, 'services'), join(folder, 'services'), { recursive: true });
        await cp(join(repository, 'package.json'), join(folder, 'package.json'));
        await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
        await appendFile(join(folder, 'services/shared/read-models/likes/move.lua'), '\nend end');
      });
      after(() => rm(folder, { recursive: true, force: true }));

      it('says which one and why, at the start and not at the first user [1]', async () => {
        const ports = { HTTP_PORT: String(await lastingPort()), HEALTH_PORT: String(await lastingPort()) };
        const { code, output } = await run(folder, 'video', { ...api.platform.environmentOf('video'), ...ports });
        assert.equal(code, 1);
        assert.match(output, /move\.lua/);
      });
    });
  });
