import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { sharedBackends } from '../backends/index.ts';
import { eventually } from '../eventually.ts';
import { nothingFound, operatedCluster } from './reconcile-fixture.ts';

describe('topics', function () {
  this.timeout(90_000);

  it('that cannot be what is wanted stop the rollout with a sentence', async () => {
    const refusal = { topic: 'x.likes', message: 'x.likes has 9 partitions and 6 are wanted: Ask for 9 or more' };
    const cluster = await operatedCluster({ applyTopics: async () => ({ refusals: [refusal], found: [] }) });
    await cluster.run(true);
    await cluster.apply();
    const condition = await eventually('the refusal is told', async () => {
      const topics = await cluster.condition('TopicsReady');
      return topics?.reason === 'NotSupported' ? topics : undefined;
    });
    assert.equal(condition.message, refusal.message);
    await cluster.stop();
  });

  it('are tried again when the brokers cannot be reached', async () => {
    let reachable = false;
    const asked: string[][] = [];
    const cluster = await operatedCluster({
      applyTopics: async ({ brokers }, desired) => {
        asked.push(desired.map(({ name }) => name));
        if (!reachable) throw new Error(`connection to ${brokers[0]} refused`);
        return nothingFound;
      },
    });
    await cluster.run(true);
    await cluster.apply();
    await eventually(
      'the failure is told',
      async () => (await cluster.condition('TopicsReady'))?.reason === 'TopicsPending',
    );
    assert.match((await cluster.condition('Ready'))?.message ?? '', /demo-kafka.*refused/);
    reachable = true;
    await cluster.ready();
    const count = asked.length;
    for (let time = 0; time < 3; time += 1) {
      await cluster.nudge();
      await pause(200);
    }
    assert.equal(asked.length, count, 'brokers are not asked in every pass');
    assert.ok(asked[0]?.includes(`${cluster.namespace}.demo.likes`));
    await cluster.stop();
  });

  it('remember what was set on them, until it was reset', async () => {
    const asked: (readonly [string | undefined, readonly string[] | undefined])[] = [];
    const cluster = await operatedCluster({
      applyTopics: async (_, [first]) => {
        asked.push([first?.config['segment.ms'], first?.formerly]);
        return nothingFound;
      },
    });
    await cluster.run(true);
    await cluster.apply({ topics: { config: { 'segment.ms': '60000' } } });
    assert.deepEqual((await cluster.ready()).status?.topicSettings, ['segment.ms']);
    await cluster.apply({ topics: {} });
    await eventually('it was reset', async () => (await cluster.ready()).status?.topicSettings === undefined);
    assert.ok(asked.some(([value, formerly]) => value === undefined && formerly?.includes('segment.ms')));
    await cluster.stop();
  });

  it('belong to the platform that was there first: another one touches nothing, and says whose they are', async () => {
    const arranged: string[] = [];
    const { brokers } = await sharedBackends().kafka;
    const cluster = await operatedCluster({
      applyTopics: async (_, desired) => {
        arranged.push(...desired.map(({ name }) => name));
        return nothingFound;
      },
    });
    await cluster.run(true);
    const kafka = { external: { brokers }, topicPrefix: 'shared' };
    await cluster.apply({ kafka }, 'first');
    const { metadata } = await cluster.ready('first');
    const count = arranged.length;
    await pause(Date.parse(metadata.creationTimestamp) + 1000 - Date.now()); // an object's age is told in whole seconds
    await cluster.apply({ kafka }, 'second');
    const condition = await eventually('it is told', async () => {
      const topics = await cluster.condition('TopicsReady', 'second');
      return topics?.reason === 'ClaimedByAnother' ? topics : undefined;
    });
    assert.match(condition.message, /shared\.\* are those of the platform first in .*, which is older/);
    assert.equal((await cluster.condition('Stalled', 'second'))?.status, 'True');
    assert.equal(arranged.length, count);
    await cluster.stop();
  });
});
