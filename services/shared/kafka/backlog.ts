import type { Kafka } from 'kafkajs';

export interface BacklogQuery {
  topic: string;
  group: string;
  /** Only what was published before that time. */
  beforeMs?: number | undefined;
}

/** What a group has yet to commit of one partition: the offsets from `next` on and below `end`. */
export interface Backlog {
  partition: number;
  next: bigint;
  end: bigint;
}

/** The partitions of which a group has yet to commit something; a connection for one question, since it is rarely asked. */
export async function readBacklog(kafka: Kafka, { topic, group, beforeMs }: BacklogQuery): Promise<Backlog[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const bounds = await admin.fetchTopicOffsets(topic);
    const early = beforeMs === undefined ? bounds : await admin.fetchTopicOffsetsByTimestamp(topic, beforeMs);
    const committedOf = offsetByPartition(committed?.partitions ?? []);
    const endOf = offsetByPartition(early);
    return bounds
      .map(({ partition, low }) => ({
        partition,
        next: latest(committedOf.get(partition), BigInt(low)), // a group that has committed nothing is at -1
        end: endOf.get(partition) ?? 0n,
      }))
      .filter(({ next, end }) => next < end);
  } finally {
    await admin.disconnect();
  }
}

const offsetByPartition = (offsets: readonly { partition: number; offset: string }[]): Map<number, bigint> =>
  new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));

const latest = (one = 0n, other: bigint): bigint => (one > other ? one : other);
