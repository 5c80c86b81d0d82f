import assert from 'node:assert/strict';
import type { Client } from './client-types.ts';
import { KubernetesError } from './errors.ts';
import { createEventRecorder, type EventRecord, eventOf } from './events.ts';
import { silentLog } from './log.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { buildConfigMap } from './testing/objects.ts';

const source = { controller: 'example.dev/operator', instance: 'pod-0' };
const regarding = buildConfigMap('a', 7);
const event: EventRecord = { regarding, type: 'Warning', reason: 'Failed', action: 'Apply', note: 'It failed.' };

describe('an event', () => {
  it('says what the API asks for, with a time of six digits', () => {
    const { metadata, ...rest } = eventOf(event, source, new Date('2030-01-02T03:04:05.678Z'), 0);
    assert.match(metadata.name, /^a\.[0-9a-f]{20}$/);
    assert.equal(metadata.namespace, 'shop');
    assert.deepEqual(rest, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      eventTime: '2030-01-02T03:04:05.678000Z',
      reportingController: 'example.dev/operator',
      reportingInstance: 'pod-0',
      regarding: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'a',
        namespace: 'shop',
        uid: 'uid of a',
        resourceVersion: '7',
      },
      type: 'Warning',
      reason: 'Failed',
      action: 'Apply',
      note: 'It failed.',
    });
  });

  it('has a name that sorts as the events happened', () => {
    const moments = [...Array(300).keys()].map((index) => ({ date: new Date(1_900_000_000_000 + index / 100), index }));
    const names = moments.map(({ date, index }) => eventOf(event, source, date, index).metadata.name);
    assert.deepEqual(names.toSorted(), names);
  });

  it('stays within the limits of the API', () => {
    const long = 'x'.repeat(2000);
    const { note, reason, metadata } = eventOf(
      { ...event, note: long, reason: long, regarding: buildConfigMap('n'.repeat(253), 1) },
      source,
      new Date(),
      0,
    );
    assert.ok(note.length <= 1024 && reason.length <= 128 && metadata.name.length <= 253);
  });
});

describe('event recorder', () => {
  let clock: ManualClock;
  let calls: string[];
  let failure: Error | undefined;
  let warnings: string[];

  const build = () =>
    createEventRecorder({
      ...source,
      client: {
        create: async (_: unknown, { reason }: { reason: string }) => {
          if (failure) throw failure;
          calls.push(`create ${reason}`);
        },
        patchMerge: async (_: unknown, __: unknown, { series }: { series: { count: number } }) => {
          if (failure) throw failure;
          calls.push(`count ${series.count}`);
        },
      } as unknown as Pick<Client, 'create' | 'patchMerge'>,
      log: { ...silentLog, warn: () => warnings.push('warned') },
      clock,
    });

  beforeEach(() => {
    clock = createManualClock();
    [calls, failure, warnings] = [[], undefined, []];
  });

  it('counts repeats in one Event, and writes the count more and more seldom', async () => {
    const { record } = build();
    for (let second = 0; second < 3_600; second += 1) {
      record(event);
      await clock.advance(1_000);
    }
    assert.deepEqual(calls.slice(0, 4), ['create Failed', 'count 2', 'count 32', 'count 92']);
    assert.ok(calls.length <= 10, `${calls.length} writes in an hour`);
  });

  it('counts repeats that come while the Event is being made', async () => {
    const { record } = build();
    for (let time = 0; time < 3; time += 1) record(event);
    await clock.advance(0);
    assert.deepEqual(calls, ['create Failed', 'count 3']);
  });

  it('starts anew when it has not happened for a while', async () => {
    const { record } = build();
    record(event);
    await clock.advance(400_000);
    record(event);
    await clock.advance(0);
    assert.deepEqual(calls, ['create Failed', 'create Failed']);
  });

  it('lets no object flood the API server with ever new events', async () => {
    const { record } = build();
    for (let index = 0; index < 200; index += 1) record({ ...event, reason: `Reason${index}` });
    record({ ...event, regarding: buildConfigMap('b', 1), reason: 'OfAnother' });
    await clock.advance(0);
    assert.equal(calls.length, 26);
    assert.equal(calls.at(-1), 'create OfAnother');
  });

  it('never fails its caller: it logs, and tries the next one', async () => {
    const { record, stop } = build();
    failure = new KubernetesError('POST', { code: 500 });
    record(event);
    await clock.advance(0);
    assert.deepEqual([calls, warnings], [[], ['warned']]);
    failure = undefined;
    record(event);
    await clock.advance(0);
    assert.deepEqual(calls, ['create Failed']);
    await stop();
    record({ ...event, reason: 'TooLate' });
    await clock.advance(0);
    assert.equal(calls.length, 1);
  });

  it('makes a new Event when the counted one is gone', async () => {
    const { record } = build();
    record(event);
    await clock.advance(0);
    failure = new KubernetesError('PATCH', { code: 404, reason: 'NotFound' });
    record(event);
    failure = undefined;
    await clock.advance(0);
    assert.deepEqual(calls, ['create Failed', 'create Failed']);
  });
});
