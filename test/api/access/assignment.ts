import assert from 'node:assert/strict';
import { eventually } from '../../eventually.ts';
import { dump, rowsThatDiffer } from './database-dump.ts';
import { type Endpoint, endpoints } from './endpoints.ts';
import type { Account, World } from './world.ts';

const marker = 987_654_321;
const word = 'injected';

const owners = ['user_id', 'userId', 'author_id', 'from_user_id', 'from_user', 'follower_id', 'owner', 'sub'];
const numbers = [
  ...['id', 'video_id', 'comment_id', 'created_at', 'create_time', 'published_at', 'version', 'revision'],
  ...['favorite_count', 'comment_count', 'follow_count', 'follower_count', 'work_count', 'total_favorited'],
  ...['generation', 'tokens_until', 'expires_at', 'width', 'height', 'duration_ms'],
];
const words = [
  'state',
  'reason',
  'name',
  'signature',
  'avatar',
  'avatar_path',
  'play_path',
  'original_path',
  'password_hash',
  'role',
];
const flags = { is_admin: 'true', liked: 'false', is_follow: 'true', is_favorite: 'true' };

const each = <Value>(names: readonly string[], value: Value) => Object.fromEntries(names.map((name) => [name, value]));

/** Names of everything that only the platform decides, with the victim as the owner. */
const injected = (victim: Account) => ({
  ...each(owners, victim.id),
  ...each(numbers, marker),
  ...each(words, word),
  ...flags,
});

/** Every endpoint is asked, rightly, for what it is for, and for much that is none of the caller's business. */
export const assignment = (world: () => World) =>
  describe('by naming what only the platform decides', () => {
    for (const endpoint of endpoints) {
      const { method, path } = endpoint;
      it(`${method} ${path} changes nothing but what it is for`, async () => {
        const { db, victim } = world();
        const before = await dump(db);
        const answer = JSON.stringify(await askForMore(endpoint, world()));
        const changed = JSON.stringify(rowsThatDiffer(before, await dump(db)));
        for (const foreign of [String(victim.id), String(marker), word]) {
          assert.ok(!changed.includes(foreign), `${foreign} is in ${changed}`);
          assert.ok(method === 'GET' || !answer.includes(foreign), answer);
        }
      });
    }
  });

/** What was answered, once everything that the request leads to is written. */
async function askForMore({ method, path, valid }: Endpoint, world: World): Promise<object> {
  const { asker, victim, db } = world;
  const request = valid(world);
  const parameters = { ...injected(victim), ...request.parameters };
  const token = path.startsWith('/v1/') ? await world.login(asker) : asker.token;
  const { http, body } = await world.send(method, path, { ...request, parameters, token, carrier: 'header' });
  assert.ok(http < 300 && !body.status_code, JSON.stringify(body));
  if (path === '/v1/logout-everywhere') asker.token = await world.login(asker);
  if (path === '/douyin/favorite/action/')
    await eventually('the like to be written', () => db('favorite').where({ user_id: asker.id }).first());
  return body;
}
