import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { freshTopicPrefix } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { createKafka, type KafkaPort } from '../../shared/kafka/client.ts';
import { createLogger } from '../../shared/logger.ts';
import { likeWriterGroup, topicName } from '../../shared/topics.ts';
import { type LikeBacklog, refuseWhileBehind, watchLikeBacklog } from '../like-backlog.ts';

const hourMs = 3_600_000;
const retentionHours = 10;
const like = { userId: 1, videoId: 2, authorId: 3, version: 4, liked: true };
const logger = createLogger({ component: 'test', level: 'silent' });

describe('likes that wait to be written', function () {
  this.timeout(90_000);
  let driver: Kafka;
  let kafka: KafkaPort;
  let topicPrefix: string;
  let backlog: LikeBacklog;
  beforeEach(async () => {
    const settings = await freshTopicPrefix({ partitions: 2 });
    topicPrefix = settings.KAFKA_TOPIC_PREFIX;
    driver = new Kafka({ brokers: settings.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
    kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'test', logger });
    backlog = watchLikeBacklog({ kafka, topicPrefix, retentionHours, logger, everyMs: 50 });
  });
  afterEach(() => backlog.close());

  const topic = () => topicName(topicPrefix, 'likes');
  const publish = async (partition: number, ...hoursAgo: number[]) => {
    const producer = driver.producer();
    await producer.connect();
    const messages = hoursAgo.map((hours) => ({
      partition,
      value: '{}',
      timestamp: String(Math.round(Date.now() - hours * hourMs)),
    }));
    await producer.send({ topic: topic(), messages });
    await producer.disconnect();
  };
  const commit = async (partition: number, offset: number) => {
    const admin = driver.admin();
    await admin.connect();
    const partitions = [{ partition, offset: String(offset) }];
    await admin.setOffsets({ groupId: likeWriterGroup(topicPrefix), topic: topic(), partitions });
    await admin.disconnect();
  };
  /** What the API answers to a like, and how many likes reached Kafka. */
  const act = async () => {
    let published = 0;
    const events = refuseWhileBehind({ publish: async () => void published++ }, backlog);
    const failure = await events.publish(like).catch((error: unknown) => error);
    return { failure, published };
  };

  it('are refused while the oldest has used up four fifths of its retention, and taken again when it is written', async () => {
    await publish(0, 7);
    await publish(1, 8.1, 1);
    await eventually('likes are too old', () => backlog.isTooOld());
    const { failure, published } = await act();
    assert.equal(published, 0);
    const { code, retryAfterSeconds, message } = failure as {
      code: string;
      retryAfterSeconds: number;
      message: string;
    };
    assert.deepEqual([code, retryAfterSeconds], ['unavailable', 60]);
    assert.match(message, /try again later/);
    await commit(1, 1);
    await eventually('likes are young again', () => !backlog.isTooOld());
    assert.deepEqual(await act(), { failure: undefined, published: 1 });
  });

  it('are taken while what waits is younger, and when all of it is written', async () => {
    await publish(0, 9.5);
    await eventually('likes are too old', () => backlog.isTooOld());
    await commit(0, 1);
    await eventually('likes are young again', () => !backlog.isTooOld());
    await publish(0, 7.9);
    await publish(1, 0);
    const looks = await kafka.backlog({ topic: topic(), group: likeWriterGroup(topicPrefix) });
    assert.deepEqual(
      looks.toSorted((a, b) => a.partition - b.partition),
      [
        { partition: 0, next: 1n, end: 2n },
        { partition: 1, next: 0n, end: 1n },
      ],
    );
    await pause(500);
    assert.equal(backlog.isTooOld(), false);
  });

  it('are taken when Kafka does not say how old they are: a like says by itself when it is not saved', async () => {
    const nowhere = createKafka({ brokers: '127.0.0.1:1', clientId: 'test', logger });
    const unknown = watchLikeBacklog({ kafka: nowhere, topicPrefix, retentionHours, logger, everyMs: 50 });
    await pause(300);
    assert.equal(unknown.isTooOld(), false);
    unknown.close();
  });
});
