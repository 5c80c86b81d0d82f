import assert from 'node:assert/strict';
import type { Live } from '../kubernetes/objects.ts';
import type { KafkaTopic } from '../topics/kafka-topic.ts';
import { problemOf } from './arrange-topics.ts';

/** A KafkaTopic of the second generation, as Strimzi says that it is. */
const topic = (status?: KafkaTopic['status']): Live<KafkaTopic> => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaTopic',
  metadata: {
    ...{ name: 'demo-likes', namespace: 'shop', generation: 2, uid: 'u', resourceVersion: '1' },
    labels: { 'strimzi.io/cluster': 'main' },
  },
  spec: { topicName: 'shop.demo.likes', partitions: 6, config: {} },
  ...(status ? { status } : {}),
});
const judged = (status: string, more: object = {}) =>
  topic({ observedGeneration: 2, conditions: [{ type: 'Ready', status, ...more }] });

describe('a KafkaTopic', () => {
  it('is waited for until Strimzi has looked at this version of it', () => {
    for (const unseen of [topic(), topic({ ...judged('True').status, observedGeneration: 1 })]) {
      const [problem] = problemOf(unseen);
      assert.deepEqual([problem?.reason, problem?.isRefused], ['TopicsPending', false]);
      assert.match(
        problem?.message ?? '',
        /demo-likes waits for the Topic Operator of the Kafka main: .* namespace shop/,
      );
    }
  });

  it('is no problem when it is ready', () => assert.deepEqual(problemOf(judged('True')), []));

  it('needs somebody where Strimzi cannot do it, and time where it could not yet', () => {
    const refused = problemOf(
      judged('False', { reason: 'NotSupported', message: 'Decreasing partitions not supported' }),
    );
    assert.deepEqual(
      refused.map(({ reason, isRefused }) => [reason, isRefused]),
      [['NotSupported', true]],
    );
    assert.match(refused[0]?.message ?? '', /demo-likes is not ready: Decreasing partitions/);
    assert.deepEqual(
      problemOf(judged('False', { reason: 'KafkaError', message: 'timed out' })).map(({ isRefused }) => isRefused),
      [false],
    );
  });
});
