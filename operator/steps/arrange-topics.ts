import type { TiktokLite } from '../api/tiktok-lite.ts';
import { keyText } from '../kubernetes/objects.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import { olderClaimant } from '../topics/claims.ts';
import { desiredTopics } from '../topics/desired.ts';
import { type TopicKeeper, TopicsPendingError } from '../topics/keeper.ts';
import type { DataIds } from './start-servers.ts';
import { type Done, StalledError, WaitError } from './step.ts';

/** Creates the topics and makes them what the object says. */
export async function arrangeTopics(
  platform: TiktokLite,
  { kafka, dataIds, platforms }: { kafka: KafkaAccess; dataIds: DataIds; platforms: () => Iterable<TiktokLite> },
  topics: TopicKeeper,
): Promise<Done> {
  const owner = olderClaimant(platform, platforms());
  if (owner) throw claimed(platform, owner);
  const desired = desiredTopics(platform);
  const wanted = { kafka, desired, dataId: dataIds.kafka };
  const refusals = await topics.keep(keyText(platform.metadata), wanted).catch((error: unknown) => {
    throw error instanceof TopicsPendingError ? new WaitError('TopicsPending', error.message) : error;
  });
  if (refusals.length > 0) throw new StalledError('NotSupported', refusals.map(({ message }) => message).join('; '));
  return { reason: 'TopicsInPlace', message: desired.map(({ name }) => name).join(', '), value: undefined };
}

const claimed = (platform: TiktokLite, { metadata }: TiktokLite): StalledError =>
  new StalledError(
    'ClaimedByAnother',
    `the topics ${kafkaAddress(platform).topicPrefix}.* are those of the platform ${metadata.name} in ${metadata.namespace}, which is older: delete one of the two, and make it again with a kafka.topicPrefix of its own`,
  );
