import assert from 'node:assert/strict';
import type { Finding } from '../api/conditions.ts';
import { statusOf } from '../status.ts';
import { buildPlatform } from '../testing/build-platform.ts';
import { findingOf, noteUntoldFailure, WaitError } from './step.ts';

const done = (type: Finding['type']): Finding => ({ type, status: 'True', reason: 'Done', message: 'done' });

describe('a failure of a rollout', () => {
  it('between two steps is told of the next one, and the platform is not Ready', () => {
    const findings = [done('Accepted'), done('SecretsReady')];
    noteUntoldFailure(findings, new TypeError('a mistake'));
    assert.equal(findings.at(-1)?.type, 'DatabaseReady');
    const { conditions = [] } = statusOf(buildPlatform(), { findings, components: [] }, new Date(0));
    const ready = conditions.find(({ type }) => type === 'Ready');
    assert.deepEqual([ready?.status, ready?.reason, ready?.message], ['False', 'Failed', 'tried again: a mistake']);
  });

  it('after the last step is told as well', () => {
    const findings = (['Accepted', 'SecretsReady', 'InfrastructureReady', 'TopicsReady', 'Migrated'] as const).map(
      done,
    );
    const dependencies = (['DatabaseReady', 'CacheReady', 'KafkaReady', 'ObjectStoreReady'] as const).map(done);
    const all = [...findings, ...dependencies, done('ServicesAvailable'), done('CacheWarm')];
    noteUntoldFailure(all, new Error('nothing could be deleted'));
    assert.match(all.at(-1)?.message ?? '', /nothing could be deleted/);
    assert.equal(all.at(-1)?.status, 'False');
  });

  it('that a step has told is not told again', () => {
    for (const works of [true, false]) {
      const failure = new WaitError('RollingOut', 'it is rolled out', { works });
      const findings = [done('Accepted'), findingOf('SecretsReady', failure)];
      noteUntoldFailure(findings, failure);
      assert.equal(findings.length, 2);
    }
  });
});
