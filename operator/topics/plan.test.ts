import assert from 'node:assert/strict';
import { buildPlatform } from '../testing/build-platform.ts';
import { desiredTopics } from './desired.ts';
import { type ActualTopic, planTopics } from './plan.ts';

const likes = { name: 'shop.demo.likes', partitions: 6, config: { 'retention.ms': '604800000' } };
const nothing = { create: [], grow: [], configure: [], refusals: [] };

describe('the plan for topics', () => {
  it('is empty where everything is as wanted', () => {
    assert.deepEqual(planTopics([likes], new Map([[likes.name, likes]])), nothing);
  });

  it('creates what is missing', () => {
    assert.deepEqual(planTopics([likes], new Map()), { ...nothing, create: [likes] });
  });

  it('adds partitions', () => {
    const plan = planTopics([likes], new Map([[likes.name, { ...likes, partitions: 4 }]]));
    assert.deepEqual(plan, { ...nothing, grow: [{ name: likes.name, partitions: 6 }] });
  });

  it('refuses to remove partitions with a sentence that says what to do', () => {
    const plan = planTopics([likes], new Map([[likes.name, { ...likes, partitions: 9 }]]));
    assert.deepEqual({ ...plan, refusals: [] }, nothing);
    assert.match(plan.refusals[0]?.message ?? '', /9 partitions and 6 are wanted.*Ask for 9 or more/);
  });

  for (const [what, config] of [
    ['a setting that differs', { 'retention.ms': '1' }],
    ['a setting that is gone', {}],
  ] as const) {
    it(`sets again ${what}`, () => {
      const plan = planTopics([likes], new Map([[likes.name, { partitions: 6, config }]]));
      assert.deepEqual(plan, { ...nothing, configure: [{ name: likes.name, config: likes.config }] });
    });
  }

  it('leaves settings of others alone, also when it sets its own again', () => {
    const others = { 'max.message.bytes': '2000000', 'min.insync.replicas': '2' };
    const asWanted = { partitions: 6, config: { ...others, ...likes.config } };
    assert.deepEqual(planTopics([likes], new Map([[likes.name, asWanted]])), nothing);
    const drifted = { partitions: 6, config: { ...others, 'retention.ms': '1' } };
    const plan = planTopics([likes], new Map([[likes.name, drifted]]));
    assert.deepEqual(plan, { ...nothing, configure: [{ name: likes.name, config: asWanted.config }] });
  });

  it('takes a setting away that was its own, and none of others', () => {
    const found = { partitions: 6, config: { ...likes.config, 'min.insync.replicas': '2', 'segment.ms': '1000' } };
    const wanted = { ...likes, formerly: ['segment.ms', 'retention.ms'] };
    const plan = planTopics([wanted], new Map([[likes.name, found]]));
    const config = { ...likes.config, 'min.insync.replicas': '2' };
    assert.deepEqual(plan, { ...nothing, configure: [{ name: likes.name, config }] });
    assert.deepEqual(planTopics([wanted], new Map([[likes.name, { partitions: 6, config }]])), nothing);
  });

  it('refuses another number of copies than there are, where the object names one', () => {
    const found = new Map([[likes.name, { ...likes, replicationFactor: 1 }]]);
    assert.deepEqual(planTopics([likes], found), nothing);
    assert.deepEqual(planTopics([{ ...likes, replicationFactor: 1 }], found), nothing);
    const { refusals } = planTopics([{ ...likes, replicationFactor: 3 }], found);
    assert.match(refusals[0]?.message ?? '', /has 1 copies .* 3 are wanted.*or ask for 1/);
  });

  it('leaves topics of others alone', () => {
    const actual = new Map<string, ActualTopic>([
      [likes.name, likes],
      ['another.topic', { partitions: 1, config: {} }],
    ]);
    assert.deepEqual(planTopics([likes], actual), nothing);
  });
});

describe('the topics of a platform', () => {
  it('carry its prefix and what the object says about them', () => {
    const platform = buildPlatform({
      kafka: { embedded: {}, topicPrefix: 'clips' },
      topics: { likes: { partitions: 12, retentionHours: 1 } },
    });
    const byName = new Map(desiredTopics(platform).map((topic) => [topic.name, topic]));
    assert.deepEqual([...byName.keys()].sort(), [
      'clips.events',
      'clips.likes',
      'clips.likes-dead-letter',
      'clips.likes-retry',
      'clips.uploads',
      'clips.uploads-dead-letter',
      'clips.uploads-retry',
    ]);
    assert.deepEqual(byName.get('clips.likes'), {
      name: 'clips.likes',
      partitions: 12,
      replicationFactor: undefined,
      config: { 'retention.ms': '3600000' },
      formerly: [],
    });
  });
});
