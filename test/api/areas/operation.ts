import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../eventually.ts';
import type { TestedComponent } from '../../platform/index.ts';
import type { ApiUnderTest } from '../platform.ts';

const components: readonly TestedComponent[] = ['auth', 'user', 'video', 'publish', 'like-writer', 'transcoder'];

/** What those who run a platform see; the last area, since it looks back at all others. */
export const operation = (api: ApiUnderTest) =>
  describe('in operation', () => {
    it('each process tells whether it lives, whether it is ready, and what it counts [20]', async () => {
      for (const component of components) {
        const health = api.platform.healthOf(component);
        for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(health + path)).status, 200, component);
        assert.match(await (await fetch(`${health}/metrics`)).text(), /^# HELP /m, component);
      }
    });

    it('none of that is reached through the gateway', async () => {
      for (const path of ['/healthz', '/readyz', '/metrics'])
        assert.equal((await fetch(api.client.baseUrl + path)).status, 404);
    });

    it('no log has a password, a token or a secret of the servers in it [16, D]', () => {
      const { logs } = api.platform;
      const settings = Object.entries(api.platform.environmentOf('publish'));
      for (const [name, value] of settings) if (/PASSWORD|SECRET|KEYS/.test(name)) api.secrets.add(value);
      const written = readdirSync(logs).filter((file) => file.endsWith('.log'));
      assert.ok(written.length > components.length);
      for (const file of written) {
        const content = readFileSync(join(logs, file), 'utf8');
        for (const secret of api.secrets) assert.ok(!content.includes(secret), `${file} has a secret in it`);
      }
    });

    it('no process wrote that anything went wrong that should not', () => {
      const { logs } = api.platform;
      for (const file of readdirSync(logs).filter((name) => /^(auth|user|video|publish)-\d\.log$/.test(name))) {
        const lines = readFileSync(join(logs, file), 'utf8')
          .split('\n')
          .filter((line) => line.includes('"level":"error"'));
        // The suite itself takes tables away, to see what a client is told.
        const unexpected = lines.filter((line) => !line.includes('ER_NO_SUCH_TABLE'));
        assert.deepEqual(unexpected, [], file);
      }
    });

    it('every count is the number of its rows once the likes are written [11, R1]', async () => {
      await eventually('every counter to equal its rows', async () => (await drifted(api)).length === 0).catch(
        async (error: unknown) => assert.fail(`${error}: ${JSON.stringify(await drifted(api))}`),
      );
    });
  });

/** Counters that are not the number of their rows. */
async function drifted({ db }: ApiUnderTest): Promise<unknown[]> {
  const of = async (table: 'user' | 'video', counter: string, rows: string) => {
    const key = `${table}_id`;
    const [found] = await db.raw(
      `SELECT c.${key} AS id, '${counter}' AS counter, c.${counter} AS counted, COALESCE(r.amount, 0) AS amount
       FROM ${table}_counter c LEFT JOIN (${rows}) r ON r.id = c.${key} WHERE c.${counter} <> COALESCE(r.amount, 0)`,
    );
    return found as unknown[];
  };
  return (
    await Promise.all([
      of('user', 'favorite_count', 'SELECT user_id id, COUNT(*) amount FROM favorite WHERE liked GROUP BY user_id'),
      of('video', 'favorite_count', 'SELECT video_id id, COUNT(*) amount FROM favorite WHERE liked GROUP BY video_id'),
      of(
        'user',
        'total_favorited',
        'SELECT v.author_id id, COUNT(*) amount FROM favorite f JOIN video v ON v.id = f.video_id WHERE liked GROUP BY 1',
      ),
      of(
        'user',
        'work_count',
        "SELECT author_id id, COUNT(*) amount FROM video WHERE state = 'ready' GROUP BY author_id",
      ),
      of('user', 'follow_count', 'SELECT follower_id id, COUNT(*) amount FROM follow GROUP BY follower_id'),
      of('user', 'follower_count', 'SELECT following_id id, COUNT(*) amount FROM follow GROUP BY following_id'),
      of('video', 'comment_count', 'SELECT video_id id, COUNT(*) amount FROM comment GROUP BY video_id'),
    ])
  ).flat();
}
