import type { Admin } from 'kafkajs';
import { type KafkaAccess, kafkaClient } from '../servers/kafka-client.ts';
import type { PartitionOffsets } from './age.ts';

/** What a group has to do on a topic. */
export interface Work {
  topic: string;
  group: string;
}

/** What waits or runs. */
export interface Lag {
  lag: number;
  /** Of the first topic. */
  partitions: number;
  offsets: readonly PartitionOffsets[];
}

/** Rejects when the brokers do not tell. */
export interface LagReader {
  read: (kafka: KafkaAccess, work: readonly Work[]) => Promise<Lag>;
  close: () => Promise<void>;
}

/** One connection for each set of brokers, however many platforms have topics there; a new one after a failure. */
export function createLagReader(): LagReader {
  const admins = new Map<string, Promise<Admin>>();

  const adminOf = (kafka: KafkaAccess): Promise<Admin> => {
    const key = JSON.stringify(kafka);
    const known = admins.get(key) ?? connect(kafka);
    admins.set(key, known);
    return known;
  };
  const forget = async (kafka: KafkaAccess): Promise<void> => {
    const key = JSON.stringify(kafka);
    const known = admins.get(key);
    admins.delete(key);
    await known?.then((admin) => admin.disconnect()).catch(() => undefined);
  };

  return {
    read: async (kafka, work) => {
      try {
        const admin = await adminOf(kafka);
        const readings = await Promise.all(work.map((one) => readingOf(admin, one)));
        const offsets = readings.flat();
        const lag = offsets.reduce((sum, { done, end }) => sum + end - done, 0);
        return { lag, partitions: readings[0]?.length ?? 0, offsets };
      } catch (error) {
        await forget(kafka);
        throw error;
      }
    },
    close: async () => {
      const open = [...admins.values()];
      admins.clear();
      await Promise.all(open.map((known) => known.then((admin) => admin.disconnect()).catch(() => undefined)));
    },
  };
}

async function connect(access: KafkaAccess): Promise<Admin> {
  const patience = { connectionTimeout: 3000, requestTimeout: 5000, retry: { retries: 1, initialRetryTime: 300 } };
  const admin = kafkaClient(access, patience).admin();
  await admin.connect();
  return admin;
}

/** Offsets are committed when the work is over: what lies behind them waits or runs. */
async function readingOf(admin: Admin, { topic, group }: Work): Promise<PartitionOffsets[]> {
  const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const bounds = await admin.fetchTopicOffsets(topic);
  const committedOf = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  // A group that has committed nothing is at -1; what retention has removed is nobody's work.
  return bounds.map(({ partition, low, high }) => {
    const end = Number(high);
    const done = Math.min(Math.max(committedOf.get(partition) ?? 0, Number(low)), end);
    return { id: `${topic}/${partition}`, done, end };
  });
}
