import assert from 'node:assert/strict';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { someFile } from './access/world.ts';
import { type ApiClient, type Caller, createApiClient, type Parameters } from './client.ts';
import { fillLibrary } from './library.ts';
import { newName } from './platform.ts';
import type { RouteName } from './wire.ts';

/** Of each thing one user may do another number, so that none is counted as another one; one address may do two more. */
const counted = { favorite: 3, comment: 4, relation: 2, message: 5, publish: 6 } as const;
const perUser = {
  ...{ loginsPerMinute: 3, likesPerMinute: counted.favorite, commentsPerMinute: counted.comment },
  ...{ followsPerMinute: counted.relation, messagesPerMinute: counted.message },
  ...{ uploadsPerDay: counted.publish, uploadMegabytesPerDay: 1_000, concurrentUploads: 2 },
};
const perIp = {
  ...{ registrationsPerMinute: 12, loginsPerMinute: 5, likesPerMinute: counted.favorite + 2 },
  ...{ commentsPerMinute: counted.comment + 2, followsPerMinute: counted.relation + 2 },
  ...{ messagesPerMinute: counted.message + 2, uploadsPerMinute: counted.publish + 2 },
};

describe('limits of an object', function () {
  this.timeout(120_000);
  let platform: PlatformUnderTest;
  let db: Knex;
  let client: ApiClient;
  let videoIds: readonly number[];
  let userIds: readonly number[];
  before(async () => {
    platform = await startPlatform({
      replicas: { video: 2, 'like-writer': 0, transcoder: 0 },
      spec: { limits: { uploadMegabytes: 10, perUser, perIp, exemptCidrs: [] } },
      prepare: async (settings) => {
        db = connectDatabase(settings);
        ({ videoIds, userIds } = await fillLibrary(db));
      },
    });
    client = createApiClient(platform.url);
  });
  after(async () => {
    await db?.destroy();
    await platform?.stop();
  });

  const caller = (index: number): Caller => {
    const id = userIds[index] ?? 0;
    return { id, name: `Reader ${id}`, token: platform.tokens.issue(id) };
  };
  const fields: Partial<Record<RouteName, () => Parameters>> = {
    favorite: () => ({ video_id: videoIds[0] ?? 0, action_type: 1 }),
    comment: () => ({ video_id: videoIds[0] ?? 0, action_type: 1, comment_text: 'hello' }),
    relation: () => ({ to_user_id: userIds.at(-1) ?? 0, action_type: 1 }),
    message: () => ({ to_user_id: userIds.at(-1) ?? 0, action_type: 1, content: 'hello' }),
  };
  const act = async (route: RouteName, who: Caller) => {
    if (route !== 'publish') return client.call(route, fields[route]?.() ?? {}, who);
    return client.publish([
      ['token', who.token],
      ['data', someFile()],
    ]);
  };
  const codes = async (count: number, act: () => Promise<{ status_code: number }>): Promise<number[]> => {
    const list: number[] = [];
    for (let index = 0; index < count; index += 1) list.push((await act()).status_code);
    return list;
  };

  for (const route of ['favorite', 'comment', 'relation', 'message', 'publish'] as const) {
    it(`count what a user does, and what comes from one address: ${route}`, async () => {
      const [one, two] = [caller(1), caller(2)];
      const allowed = Array<number>(counted[route]).fill(0);
      // The one that is refused counts for the address too.
      assert.deepEqual(await codes(counted[route] + 1, () => act(route, one)), [...allowed, 42901]);
      assert.deepEqual(await codes(2, () => act(route, two)), [0, 42901]);
      const { http, headers } = await act(route, one);
      assert.equal(http, 429);
      assert.ok(Number(headers.get('retry-after')) >= 1);
    });
  }

  it('count attempts to log in by the name, whether it exists or not, and by the address', async () => {
    const attempt = (username: string) => client.call('login', { username, password: 'a guess' });
    const nobody = newName('nobody');
    assert.deepEqual(await codes(4, () => attempt(nobody)), [40102, 40102, 40102, 42901]);
    assert.deepEqual(await codes(2, () => attempt(newName('another'))), [40102, 42901]);
  });

  it('count registrations by the address, which a client cannot choose', async () => {
    const register = (address: string) => {
      const query = new URLSearchParams({ username: newName('many'), password: 'a password' });
      const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
      return client.ask('register', `/douyin/user/register/?${query}`, { method: 'POST', headers });
    };
    const answers: number[] = [];
    for (let index = 0; index < 13; index += 1) answers.push((await register(`192.0.2.${index}`)).status_code);
    assert.deepEqual(answers, [...Array<number>(12).fill(0), 42901]);
  });

  it('leave reading alone', async () => {
    assert.deepEqual(await codes(20, () => client.call('feed', {}, caller(1))), Array(20).fill(0));
  });
});
