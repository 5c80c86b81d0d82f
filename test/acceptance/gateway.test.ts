import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { type Ask, keepAsking } from '../platform/kept-connections.ts';
import { isReady, type Platform, sharedPlatform } from './platform.ts';

const rollouts = 4;
const wanted = 20_000;
const clients = 16;

const isSuccess = (text: string): boolean => text.includes('"status_code":0');

describe('a gateway that is rolled again and again', function () {
  this.timeout(900_000);

  let platform: Platform;
  let asks: Ask[];
  before(async () => {
    platform = await sharedPlatform();
    await patch({ limits: { exemptCidrs: ['0.0.0.0/0'] } });
    await settled();
    const { token } = await platform.api.register(`reader-${Date.now()}`, 'a password of mine');
    const other = await platform.api.register(`read-${Date.now()}`, 'a password of mine');
    const follow = `/douyin/relation/action/?token=${token}&to_user_id=${other.id}&action_type=1`;
    asks = [
      { method: 'GET', path: `/douyin/feed/?token=${token}`, isRight: isSuccess },
      { method: 'GET', path: `/douyin/user/?user_id=${other.id}&token=${token}`, isRight: isSuccess },
      { method: 'POST', path: follow, isRight: isSuccess },
    ];
  });

  const patch = (spec: object) =>
    platform.kubectl('patch', 'tiktoklite', platform.name, '--type=merge', '-p', JSON.stringify({ spec }));
  const settled = () =>
    eventually('Ready for it', async () => isReady(await platform.kubectl.get('tiktoklite', platform.name)), 200);
  const pods = async () => {
    const found = await platform.kubectl.list('pod', '-l', 'app.kubernetes.io/component=gateway');
    return found.map(({ metadata }) => metadata.name);
  };

  it(`fails none of ${wanted} requests on connections that are kept`, async () => {
    const { tally, stop } = keepAsking(platform.url, { asks, clients });
    for (let rollout = 1; rollout <= rollouts; rollout += 1) {
      const before = await pods();
      const answeredBefore = tally.answered;
      // What nginx takes is in its configuration, so that it is another one.
      await patch({ limits: { uploadMegabytes: 128 + rollout } });
      const haveGone = async () => (await pods()).every((name) => !before.includes(name));
      await eventually('another nginx', haveGone, 200);
      await settled();
      assert.ok(tally.answered > answeredBefore);
    }
    await eventually(`${wanted} answers`, () => tally.answered >= wanted, 300);
    await stop();
    console.log(`      ${JSON.stringify({ rollouts, ...tally, failures: tally.failures.length })}`);
    assert.deepEqual(tally.failures.slice(0, 5), []);
  });
});
