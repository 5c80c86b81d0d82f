import type { TiktokLite } from '../api/tiktok-lite.ts';
import { keyText } from '../kubernetes/objects.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import { desiredTopics } from '../topics/desired.ts';
import { type TopicKeeper, TopicsPendingError } from '../topics/keeper.ts';
import type { DataIds } from './start-servers.ts';
import { type Done, StalledError, WaitError } from './step.ts';

/** Creates the topics and makes them what the object says. */
export async function arrangeTopics(platform: TiktokLite, dataIds: DataIds, topics: TopicKeeper): Promise<Done> {
  const { brokers } = kafkaAddress(platform);
  const desired = desiredTopics(platform);
  const wanted = { brokers, desired, dataId: dataIds.kafka };
  const refusals = await topics.keep(keyText(platform.metadata), wanted).catch((error: unknown) => {
    throw error instanceof TopicsPendingError ? new WaitError('TopicsPending', error.message) : error;
  });
  if (refusals.length > 0) throw new StalledError('NotSupported', refusals.map(({ message }) => message).join('; '));
  return { reason: 'TopicsInPlace', message: desired.map(({ name }) => name).join(', '), value: undefined };
}
