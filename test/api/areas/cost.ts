import assert from 'node:assert/strict';
import { connectRedis, mastersOf, untilReady } from '../../../services/shared/redis/connect.ts';
import type { Caller } from '../client.ts';
import type { ApiUnderTest } from '../platform.ts';

const requests = 40;

/** What warm requests cost the servers behind, by the servers' own statistics; the processes at rest ask a little too. */
export const cost = (api: ApiUnderTest) =>
  describe('a warm request', () => {
    const costOf = async (ask: () => Promise<unknown>) => {
      for (let time = 0; time < 6; time += 1) await ask();
      const before = await asked(api);
      for (let time = 0; time < requests; time += 1) await ask();
      const after = await asked(api);
      return {
        statements: (after.statements - before.statements) / requests,
        commands: (after.commands - before.commands) / requests,
      };
    };
    const feedOf = (caller?: Caller) => () => api.client.succeed('feed', {}, caller);

    it('for a feed of thirty videos asks the database nothing, and Redis a few things at once [17, R7]', async () => {
      for (const caller of [undefined, await api.register()]) {
        const { statements, commands } = await costOf(feedOf(caller));
        assert.ok(statements < 1, `${statements} statements`);
        assert.ok(commands < 30, `${commands} commands: one for each video is too many`);
      }
    });

    it('for the lists of a user who has nothing asks the database nothing [G]', async () => {
      const caller = await api.register();
      for (const route of ['publishList', 'favoriteList', 'followList', 'followerList', 'friendList'] as const) {
        const { statements } = await costOf(() => api.client.succeed(route, { user_id: caller.id }, caller));
        assert.ok(statements < 1, `${route}: ${statements} statements`);
      }
    });
  });

/** SELECTs and commands since the servers started. */
async function asked({ db, platform }: ApiUnderTest) {
  const redis = connectRedis(platform.settings);
  await untilReady(redis);
  const infos = await Promise.all(mastersOf(redis).map((server) => server.info('stats')));
  redis.disconnect();
  const commands = infos.reduce((sum, info) => sum + Number(/total_commands_processed:(\d+)/.exec(info)?.[1]), 0);
  const [[row]] = await db.raw("SHOW GLOBAL STATUS LIKE 'Com_select'");
  return { statements: Number(row.Value), commands };
}
