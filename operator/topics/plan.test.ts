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
    ['a setting that somebody else added', { ...likes.config, 'cleanup.policy': 'compact' }],
    ['a setting that is gone', {}],
  ] as const) {
    it(`sets the whole configuration again after ${what}`, () => {
      const plan = planTopics([likes], new Map([[likes.name, { partitions: 6, config }]]));
      assert.deepEqual(plan, { ...nothing, configure: [{ name: likes.name, config: likes.config }] });
    });
  }

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
      config: { 'retention.ms': '3600000' },
    });
  });
});
