import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ownSchemaVersion } from '../../services/shared/mysql/schema-version.ts';
import { eventually } from '../eventually.ts';
import type { Account } from './api-client.ts';
import { buildNextVersion } from './next-version/build.ts';
import { isReady, registry, sharedPlatform } from './platform.ts';
import { startTraffic, type Traffic } from './steady-traffic.ts';

const perSecond = 50;
const videos = 300;
const nextVersion = 9999;

describe('a rolling upgrade of the services under traffic', function () {
  this.timeout(600_000);
  let digest: string;
  let accounts: Account[];
  let traffic: Traffic;
  const videoIds = Array.from({ length: videos }, (_, index) => 1_000 + index);

  before(async () => {
    const { api, queryDatabase } = await sharedPlatform();
    digest = await buildNextVersion(registry);
    await patch({ limits: { exemptCidrs: ['0.0.0.0/0'] } });
    await settled();
    accounts = [];
    for (let count = 0; count < 20; count += 1)
      accounts.push(await api.register(`upgrade-${count}-${Date.now()}`, 'a password of mine'));
    const rows = videoIds.map(
      (id) => `(${id}, ${accounts[0]?.id}, 'Video', 'ready', 'o', 'p', 'c', ${id}, ${1e12 + id})`,
    );
    await queryDatabase(
      `INSERT INTO video (id, author_id, title, state, original_path, play_path, cover_path, created_at, published_at) VALUES ${rows}`,
    );
  });
  beforeEach(async () => {
    const { url } = await sharedPlatform();
    traffic = startTraffic({ url, accounts, videoIds, perSecond });
    await pause(5_000);
  });

  const patch = async (spec: object): Promise<void> => {
    const { kubectl, name } = await sharedPlatform();
    await kubectl('patch', 'tiktoklite', name, '--type=merge', '-p', JSON.stringify({ spec }));
  };
  const settled = async (): Promise<void> => {
    const { kubectl, name } = await sharedPlatform();
    await eventually('Ready for it', async () => isReady(await kubectl.get('tiktoklite', name)), 400);
  };
  const schemaVersion = async () =>
    Number(await (await sharedPlatform()).queryDatabase('SELECT version FROM schema_version'));
  const rollTo = async (services: string | null) => {
    const beganMs = performance.now();
    await patch({ images: { digests: { services } } });
    await settled();
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    await pause(5_000);
    await traffic.stop();
    const { asked, failures, liked } = traffic;
    console.log(`      ${JSON.stringify({ seconds, asked, failed: failures.length, likes: liked.size })}`);
  };
  const imagesOfServices = async () => {
    const { kubectl, name } = await sharedPlatform();
    const images = ['auth', 'user', 'video', 'publish', 'like-writer'].map((component) =>
      kubectl('get', 'deployment', `${name}-${component}`, '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
    );
    return Promise.all(images);
  };
  const nothingIsLost = async () => {
    const { queryDatabase } = await sharedPlatform();
    assert.deepEqual(traffic.failures, []);
    const written = await eventually('every like is a row', async () => {
      const rows = await queryDatabase("SELECT CONCAT(user_id, ':', video_id) FROM favorite WHERE liked");
      const found = new Set(rows.split('\n'));
      return [...traffic.liked].every((like) => found.has(like)) && found;
    });
    assert.ok(written.size >= traffic.liked.size && traffic.liked.size > 0);
    const counted = await queryDatabase('SELECT SUM(favorite_count) FROM video_counter');
    assert.equal(Number(counted), written.size, 'the counters count each like once');
  };

  it('runs a migration first, and fails no request and loses no like', async () => {
    assert.equal(await schemaVersion(), ownSchemaVersion());
    await rollTo(digest);
    assert.equal(await schemaVersion(), nextVersion);
    for (const image of await imagesOfServices()) assert.ok(image.endsWith(`@${digest}`), image);
    await nothingIsLost();
  });

  it('is undone on the newer schema, which the image of before still suits, as quietly', async () => {
    await rollTo(null);
    assert.equal(await schemaVersion(), nextVersion);
    for (const image of await imagesOfServices()) assert.ok(!image.includes(digest), image);
    await nothingIsLost();
  });
});
