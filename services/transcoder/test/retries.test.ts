import assert from 'node:assert/strict';
import Type from 'typebox';
import { freshTopicPrefix } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { createKafka, type KafkaPort } from '../../shared/kafka/client.ts';
import type { RunningConsumer } from '../../shared/kafka/consumer-life.ts';
import type { Producer } from '../../shared/kafka/producer.ts';
import { createLogger } from '../../shared/logger.ts';
import { type TopicId, topicName } from '../../shared/topics.ts';
import { consumeUploads } from '../consume-uploads.ts';
import { createDeadLetters } from '../dead-letters.ts';
import type { Outcome, Work } from '../job/work.ts';

const logger = createLogger({ component: 'test', level: 'silent' });

describe('uploads that fail', function () {
  this.timeout(120_000);
  let kafka: KafkaPort;
  let producer: Producer;
  let topicPrefix: string;
  let deadLetters: ReturnType<typeof createDeadLetters>;
  const running: RunningConsumer[] = [];
  beforeEach(async () => {
    const settings = await freshTopicPrefix({ partitions: 1 });
    topicPrefix = settings.KAFKA_TOPIC_PREFIX;
    kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'test', logger });
    producer = kafka.producer();
    deadLetters = createDeadLetters(kafka, topicPrefix);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
    await deadLetters.close();
    await producer.close();
  });

  /** Works on uploads as the test says, and notes in which order. */
  const consume = (work: (videoId: number, attempt: number) => Promise<Outcome>, { retryAfterMs = 100 } = {}) => {
    const order: number[] = [];
    const noted: Work = (videoId) => {
      order.push(videoId);
      return work(videoId, order.filter((id) => id === videoId).length);
    };
    const { aside } = deadLetters;
    running.push(consumeUploads({ kafka, topicPrefix, work: noted, aside, logger, retryAfterMs }));
    return order;
  };
  const publish = (...videoIds: number[]) =>
    producer.publish(
      topicName(topicPrefix, 'uploads'),
      videoIds.map((videoId) => ({ key: String(videoId), value: JSON.stringify({ videoId, authorId: 9 }) })),
    );
  const collect = (topic: TopicId) => {
    const found: { value: string; headers: Record<string, string> }[] = [];
    const reader = kafka.consume({
      topic: topicName(topicPrefix, topic),
      group: `${topicPrefix}.test`,
      schema: Type.Unknown(),
      handleBatch: async (messages) => void found.push(...messages),
      deadLetter: async () => assert.fail('a message cannot be read'),
    });
    running.push(reader);
    return found;
  };
  const waiting = async (topic: TopicId, group: string) =>
    (await kafka.backlog({ topic: topicName(topicPrefix, topic), group: `${topicPrefix}.${group}` })).length;

  it('let those behind them go first, and are over when they succeed', async () => {
    const work = async (videoId: number, attempt: number): Promise<Outcome> =>
      videoId === 1 && attempt === 1 ? { failed: 'once' } : 'over';
    const order = consume(work, { retryAfterMs: 5_000 });
    await publish(1, 2, 3);
    await eventually('the second attempt', () => order.filter((id) => id === 1).length === 2);
    assert.deepEqual(order, [1, 2, 3, 1]);
    await eventually('everything is committed', async () => (await waiting('uploads', 'transcoder')) === 0);
    await eventually('the retry, too', async () => (await waiting('uploadsRetry', 'transcoder-retry')) === 0);
  });

  it('before their row can say so are tried a bounded number of times, then kept with the reason', async () => {
    const order = consume(async (videoId) => {
      if (videoId === 1) throw new TypeError('a mistake of ours');
      return 'over';
    });
    const kept = collect('uploadsDeadLetter');
    await publish(1, 2);
    await eventually('a dead letter', () => kept.length === 1, 120);
    assert.equal(order.filter((id) => id === 1).length, 7);
    assert.deepEqual(JSON.parse(kept[0]?.value ?? ''), { videoId: 1, authorId: 9 });
    assert.match(kept[0]?.headers['dead-letter-reason'] ?? '', /a mistake of ours.*tried again 6 times/);
    assert.match(kept[0]?.headers.origin ?? '', /\.uploads\/0\/0$/);
    assert.ok(order.includes(2));
  });

  it('for a dependency that is away keep their place, however long that is', async () => {
    const order = consume(async (_, attempt) => {
      if (attempt === 1) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      return 'over';
    });
    await publish(1);
    await eventually('the second attempt', () => order.length === 2);
    assert.equal(await waiting('uploadsRetry', 'transcoder-retry'), 0);
    await eventually('it is committed', async () => (await waiting('uploads', 'transcoder')) === 0);
  });
});
