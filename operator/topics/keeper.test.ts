import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { createManualClock } from '../kubernetes/testing/manual-clock.ts';
import type { TopicReport } from './apply.ts';
import { createTopicKeeper, type WantedTopics } from './keeper.ts';

const wanted = (brokers = ['kafka:9092'], partitions = 3): WantedTopics => ({
  kafka: { brokers },
  desired: [{ name: 'likes', partitions, config: {} }],
  dataId: undefined,
});

const nothing: TopicReport = { refusals: [], found: [] };

describe('the keeper of topics', () => {
  /** A keeper whose brokers do what the test says. */
  function build() {
    const clock = createManualClock();
    const brokers = { asked: 0, answer: async (): Promise<TopicReport> => nothing };
    const apply = () => {
      brokers.asked += 1;
      return brokers.answer();
    };
    const keeper = createTopicKeeper({ apply, clock, random: () => 0, trustSeconds: 300 });
    return { clock, brokers, keeper };
  }
  const refuse = () => Promise.reject(new Error('connection refused'));

  it('asks once, and again when something else is wanted or the trust is over', async () => {
    const { clock, brokers, keeper } = build();
    for (let pass = 0; pass < 5; pass += 1) assert.deepEqual(await keeper.keep('shop/demo', wanted()), nothing);
    assert.equal(brokers.asked, 1);
    await keeper.keep('shop/demo', wanted(['kafka:9092'], 4));
    assert.equal(brokers.asked, 2);
    await clock.advance(301_000);
    await keeper.keep('shop/demo', wanted(['kafka:9092'], 4));
    assert.equal(brokers.asked, 3);
    keeper.forget('shop/demo');
    await keeper.keep('shop/demo', wanted(['kafka:9092'], 4));
    assert.equal(brokers.asked, 4);
  });

  it('leaves brokers that refuse alone for a while that doubles, for all platforms that share them', async () => {
    const { clock, brokers, keeper } = build();
    brokers.answer = refuse;
    const pass = (owner: string) => assert.rejects(keeper.keep(owner, wanted()), /on kafka:9092 .* connection refused/);
    const askedAt: number[] = [];
    for (let second = 0; second < 32; second += 1) {
      const before = brokers.asked;
      for (const owner of ['shop/one', 'shop/two', 'shop/three']) await pass(owner);
      if (brokers.asked > before) askedAt.push(second);
      await clock.advance(1000);
    }
    assert.deepEqual(askedAt, [0, 4, 12, 28]);
    assert.equal(brokers.asked, askedAt.length);
  });

  it('is right again as soon as they answer', async () => {
    const { clock, brokers, keeper } = build();
    brokers.answer = refuse;
    await assert.rejects(keeper.keep('shop/demo', wanted()));
    brokers.answer = async () => nothing;
    await assert.rejects(keeper.keep('shop/demo', wanted()), /connection refused/);
    const settled: string[] = [];
    keeper.onSettled((owner) => settled.push(owner));
    await clock.advance(4000);
    await assert.rejects(keeper.keep('shop/demo', wanted()), /connection refused/, 'nobody waits for them');
    await setImmediate();
    assert.deepEqual(settled, ['shop/demo']);
    assert.deepEqual(await keeper.keep('shop/demo', wanted()), nothing);
  });

  it('lets a pass go when brokers are slow, and calls when they have answered', async () => {
    const { clock, brokers, keeper } = build();
    const slow = Promise.withResolvers<TopicReport>();
    brokers.answer = () => slow.promise;
    const settled: string[] = [];
    keeper.onSettled((owner) => settled.push(owner));
    const pass = assert.rejects(keeper.keep('shop/demo', wanted()), /kafka:9092 is asked about the topics/);
    await clock.advance(400);
    await pass;
    assert.deepEqual(settled, []);
    slow.resolve(nothing);
    await setImmediate();
    assert.deepEqual(settled, ['shop/demo']);
    assert.deepEqual(await keeper.keep('shop/demo', wanted()), nothing);
    assert.equal(brokers.asked, 1);
  });
});
