import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Knex } from '../../services/shared/mysql/database.ts';
import { type TopicId, topicName, topics } from '../../services/shared/topics.ts';
import type { KafkaSettings } from '../backends/index.ts';

/** What waits for somebody: messages, events of the outbox, uploads. */
export interface Queues {
  /** Resolves when every like that is in Kafka now is written. */
  likesWritten(): Promise<void>;
  /** Resolves when nothing waits for anybody, in words what does until then. Only when nobody acts any more. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

interface Position {
  topic: string;
  partition: number;
  /** The offset that the next message gets. */
  end: number;
}

/** A member that died is noticed after 10 s, the lease of a transcoder ends after 30 s. */
const drainMs = 120_000;
const lookMs = 250;

const isDeadLetter = (topic: TopicId) => topic.endsWith('DeadLetter');
/** Dead letters wait for a person, events for whoever wants to hear of them. */
const isRead = (topic: TopicId) => !isDeadLetter(topic) && topic !== 'events';
const topicIds = Object.keys(topics) as TopicId[];

export async function watchQueues(db: Knex, { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX }: KafkaSettings): Promise<Queues> {
  const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), clientId: 'queues', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();

  const endsOf = async (ids: readonly TopicId[]): Promise<Position[]> => {
    const found = await Promise.all(
      ids.map(async (id) => {
        const topic = topicName(KAFKA_TOPIC_PREFIX, id);
        const partitions = await admin.fetchTopicOffsets(topic);
        return partitions.map(({ partition, high }) => ({ topic, partition, end: Number(high) }));
      }),
    );
    return found.flat();
  };

  /** The furthest commit of any of the platform's groups, by topic and partition. */
  const commits = async (): Promise<Map<string, number>> => {
    const { groups } = await admin.listGroups();
    const furthest = new Map<string, number>();
    for (const { groupId } of groups.filter((group) => group.groupId.startsWith(`${KAFKA_TOPIC_PREFIX}.`)))
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId }))
        for (const { partition, offset } of partitions) furthest.set(`${topic}/${partition}`, Number(offset));
    return furthest;
  };

  const waitingUntil = async (positions: readonly Position[]): Promise<string[]> => {
    const committed = await commits();
    return positions
      .map(({ topic, partition, end }) => ({ name: `${topic}/${partition}`, end }))
      .filter(({ name, end }) => (committed.get(name) ?? 0) < end)
      .map(({ name, end }) => `${name} is at ${committed.get(name) ?? 0} of ${end}`);
  };

  const waiting = async (): Promise<string[]> => {
    const positions = await endsOf(topicIds.filter(isRead));
    const [outbox, uploads] = await Promise.all([
      db('outbox').whereNull('sent_at').pluck('id'),
      db('upload').whereIn('state', ['queued', 'processing']).pluck('video_id'),
    ]);
    return [
      ...(await waitingUntil(positions)),
      ...outbox.map((id) => `event ${id} waits in the outbox`),
      ...uploads.map((id) => `upload ${id} waits for a transcoder`),
    ];
  };

  const untilNothing = async (look: () => Promise<string[]>): Promise<void> => {
    const deadline = performance.now() + drainMs;
    for (;;) {
      const found = await look();
      if (found.length === 0) return;
      if (performance.now() > deadline) throw new Error(`not drained after ${drainMs} ms:\n${found.join('\n')}`);
      await pause(lookMs);
    }
  };

  return {
    likesWritten: async () => {
      const positions = await endsOf(['likes', 'likesRetry']);
      await untilNothing(() => waitingUntil(positions));
    },
    drained: async () => {
      await untilNothing(waiting);
      const givenUp = (await endsOf(topicIds.filter(isDeadLetter))).filter(({ end }) => end > 0);
      if (givenUp.length > 0) throw new Error(`messages were given up: ${JSON.stringify(givenUp)}`);
    },
    stop: () => admin.disconnect(),
  };
}
