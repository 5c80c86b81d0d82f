import assert from 'node:assert/strict';
import { conditionOf, conditionTypes, type Finding, stepConditions } from './api/conditions.ts';
import type { TiktokLite, TiktokLiteStatus } from './api/tiktok-lite.ts';
import { happenings, isSameStatus, pausedStatusOf, statusOf } from './status.ts';
import { buildPlatform } from './testing/build-platform.ts';

const noon = new Date('2026-06-01T12:00:00.123Z');
const later = new Date('2026-06-01T13:00:00Z');

const found = (type: Finding['type'], more: Partial<Finding> = {}): Finding => ({
  type,
  status: 'True',
  reason: 'Fine',
  message: 'it is fine',
  ...more,
});
const everythingFine = stepConditions.map((type) => found(type));
const components = [{ name: 'transcoder', ready: 1, desired: 2 }];

const observe = (platform: TiktokLite, findings: Finding[], now = noon): TiktokLiteStatus =>
  statusOf(platform, { findings, components, url: 'http://x', version: 'abc' }, now);

const words = (status: TiktokLiteStatus, type: (typeof conditionTypes)[number]) => {
  const condition = conditionOf(status.conditions, type);
  return [condition?.status, condition?.reason];
};

describe('the status of a platform', () => {
  it('has every condition after the first pass, and Ready when every step is done', () => {
    const status = observe(buildPlatform(), everythingFine);
    assert.deepEqual(
      status.conditions?.map(({ type }) => type),
      [...conditionTypes],
    );
    assert.deepEqual(words(status, 'Ready'), ['True', 'Ready']);
    assert.deepEqual(words(status, 'Reconciling'), ['False', 'Done']);
    assert.deepEqual(words(status, 'Stalled'), ['False', 'NotStalled']);
    assert.deepEqual([status.url, status.version, status.transcoders], ['http://x', 'abc', '1/2']);
  });

  it('sums up the first step that is not done, and lets the others wait for it', () => {
    const waits = found('InfrastructureReady', {
      status: 'False',
      reason: 'ServersStarting',
      message: 'waits for mysql',
    });
    const status = observe(buildPlatform(), [found('Accepted'), found('SecretsReady'), waits]);
    assert.deepEqual(words(status, 'Ready'), ['False', 'ServersStarting']);
    assert.deepEqual(words(status, 'Reconciling'), ['True', 'ServersStarting']);
    assert.equal(conditionOf(status.conditions, 'Migrated')?.message, 'waits for InfrastructureReady');
  });

  it('is Stalled, and not Reconciling, when somebody has to change something', () => {
    const refused = found('Accepted', {
      status: 'False',
      reason: 'Refused',
      message: 'the port is taken',
      stalled: true,
    });
    const status = observe(buildPlatform(), [refused]);
    assert.deepEqual(words(status, 'Stalled'), ['True', 'Refused']);
    assert.deepEqual(words(status, 'Reconciling'), ['False', 'Stalled']);
  });

  it('is not Ready while a newer version is rolled out, although every service answers', () => {
    const rolls = found('ServicesAvailable', { reason: 'RollingOut', underWay: true });
    const status = observe(buildPlatform(), [...everythingFine.slice(0, -1), rolls]);
    assert.deepEqual([words(status, 'Ready')[0], words(status, 'ServicesAvailable')[0]], ['False', 'True']);
  });

  it('keeps what a step was found to be when the next pass does not reach it, with the generation of then', () => {
    const before = observe(buildPlatform(), everythingFine);
    const platform = { ...buildPlatform({}, { generation: 2 }), status: before };
    const waits = found('InfrastructureReady', { status: 'False', reason: 'ServersStarting' });
    const status = observe(platform, [found('Accepted'), found('SecretsReady'), waits], later);
    const migrated = conditionOf(status.conditions, 'Migrated');
    assert.deepEqual([migrated?.status, migrated?.observedGeneration], ['True', 1]);
    assert.equal(conditionOf(status.conditions, 'Accepted')?.observedGeneration, 2);
  });

  it('is the same for the same observation, whenever it is made', () => {
    const before = observe(buildPlatform(), everythingFine);
    const platform = { ...buildPlatform(), status: before };
    assert.equal(isSameStatus(before, observe(platform, everythingFine, later)), true);
  });

  it('notes when a condition flips, in whole seconds', () => {
    const before = observe(buildPlatform(), everythingFine);
    const platform = { ...buildPlatform(), status: before };
    const broken = found('ServicesAvailable', { status: 'False', reason: 'ServicesUnavailable' });
    const status = observe(platform, [...everythingFine.slice(0, -1), broken], later);
    assert.equal(conditionOf(status.conditions, 'Ready')?.lastTransitionTime, '2026-06-01T13:00:00Z');
    assert.equal(conditionOf(status.conditions, 'Accepted')?.lastTransitionTime, '2026-06-01T12:00:00Z');
  });

  it('of a paused platform does not claim to have seen the newest object', () => {
    const before = observe(buildPlatform(), everythingFine);
    const platform = { ...buildPlatform({ paused: true }, { generation: 2 }), status: before };
    const status = pausedStatusOf(platform, later);
    assert.deepEqual(words(status, 'Paused'), ['True', 'Paused']);
    assert.deepEqual(words(status, 'Ready'), ['True', 'Ready']);
    assert.equal(status.observedGeneration, 1);
  });

  it('of a platform that was born paused has every condition too', () => {
    const status = pausedStatusOf(buildPlatform({ paused: true }), noon);
    assert.deepEqual(
      status.conditions?.map(({ type }) => type),
      [...conditionTypes],
    );
    assert.deepEqual(words(status, 'Ready')[0], 'Unknown');
  });
});

describe('the story of a platform', () => {
  const told = (before: TiktokLiteStatus | undefined, findings: Finding[]) =>
    happenings(before, observe({ ...buildPlatform(), ...(before ? { status: before } : {}) }, findings), findings);

  it('tells each step that is done, and the end', () => {
    const story = told(undefined, everythingFine);
    assert.deepEqual(
      story.map(({ action }) => action),
      [...stepConditions, 'Ready'],
    );
    assert.ok(story.every(({ type }) => type === 'Normal'));
  });

  it('tells nothing twice', () => {
    assert.deepEqual(told(observe(buildPlatform(), everythingFine), everythingFine), []);
  });

  it('warns of what failed', () => {
    const failed = found('TopicsReady', { status: 'False', reason: 'Failed', message: 'refused', failed: true });
    const [first, ...rest] = told(observe(buildPlatform(), everythingFine), [...everythingFine.slice(0, 3), failed]);
    assert.deepEqual([first?.type, first?.reason, first?.note, rest], ['Warning', 'Failed', 'refused', []]);
  });

  it('warns of a topic that has lost what was in it', () => {
    const likes = { name: 'shop.demo.likes', partitions: 6, messages: 5 };
    const platform = buildPlatform();
    const look = (messages: number, status?: TiktokLiteStatus) =>
      statusOf(
        { ...platform, ...(status ? { status } : {}) },
        { findings: everythingFine, components, topics: [{ ...likes, messages }] },
        noon,
      );
    const before = look(5);
    const after = look(1, before);
    assert.equal(after.topics?.[0]?.recreatedTime, '2026-06-01T12:00:00Z');
    assert.deepEqual(
      happenings(before, after, everythingFine).map(({ type, reason }) => [type, reason]),
      [['Warning', 'TopicRecreated']],
    );
    assert.deepEqual(happenings(after, look(1, after), everythingFine), []);
    assert.deepEqual(
      observe({ ...platform, status: after }, everythingFine).topics,
      after.topics,
      'kept when not reached',
    );
  });
});
