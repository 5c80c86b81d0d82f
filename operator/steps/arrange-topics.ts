import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import { keyText, type Live } from '../kubernetes/objects.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import { olderClaimant } from '../topics/claims.ts';
import { desiredTopics } from '../topics/desired.ts';
import { clusterLabel, type KafkaTopic, kafkaTopicsOf } from '../topics/kafka-topic.ts';
import { type TopicKeeper, TopicsPendingError } from '../topics/keeper.ts';
import type { FoundTopic } from '../topics/recreated.ts';
import type { DataIds } from './start-servers.ts';
import { type Done, StalledError, WaitError } from './step.ts';

interface Context {
  kafka: KafkaAccess;
  dataIds: DataIds;
  platforms: () => Iterable<TiktokLite>;
  topics: TopicKeeper;
  children: Children;
}

/** Has the topics made and be what the object says; answers with what was found at the brokers, where the operator asks them. */
export async function arrangeTopics(platform: TiktokLite, context: Context): Promise<Done<readonly FoundTopic[]>> {
  const owner = olderClaimant(platform, context.platforms());
  if (owner) throw claimed(platform, owner);
  const { mode } = platform.spec.topics;
  const arrange = mode === 'kafkaTopic' ? applyKafkaTopics : arrangeAtBrokers;
  const value = await arrange(platform, context);
  const names = desiredTopics(platform).map(({ name }) => name);
  return { reason: 'TopicsInPlace', message: names.join(', '), value };
}

async function arrangeAtBrokers(
  platform: TiktokLite,
  { kafka, dataIds, topics }: Context,
): Promise<readonly FoundTopic[]> {
  const wanted = { kafka, desired: desiredTopics(platform), dataId: dataIds.kafka };
  const { refusals, found } = await topics.keep(keyText(platform.metadata), wanted).catch((error: unknown) => {
    throw error instanceof TopicsPendingError ? new WaitError('TopicsPending', error.message) : error;
  });
  if (refusals.length > 0) throw new StalledError('NotSupported', refusals.map(({ message }) => message).join('; '));
  return found;
}

/** Strimzi looks at the brokers, and says in each object how its topic is. */
async function applyKafkaTopics(platform: TiktokLite, { children }: Context): Promise<readonly FoundTopic[]> {
  const problems: TopicProblem[] = [];
  for (const manifest of kafkaTopicsOf(platform)) {
    problems.push(...problemOf(await children.apply(manifest).catch(explainAbsence)));
  }
  const message = problems.map((problem) => problem.message).join('; ');
  const refused = problems.find(({ isRefused }) => isRefused);
  if (refused) throw new StalledError(refused.reason, message);
  const [first] = problems;
  if (first) throw new WaitError(first.reason, message);
  return [];
}

function explainAbsence(error: Error): never {
  if (!isNotFound(error.cause)) throw error;
  throw new WaitError(
    'StrimziMissing',
    'the cluster knows no KafkaTopic of kafka.strimzi.io/v1: install Strimzi 0.49 or later, or set topics.mode to builtin',
  );
}

interface TopicProblem {
  reason: string;
  message: string;
  /** Waiting does not help. */
  isRefused: boolean;
}

/** What Strimzi will do only when the object is another one, or another object of the same topic is gone. */
const refusals = ['NotSupported', 'ResourceConflict'];

/** Why the topic is not what the object says; nothing where it is. */
export function problemOf({ metadata, status }: Live<KafkaTopic>): TopicProblem[] {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready || status?.observedGeneration !== metadata.generation) {
    const message = `the KafkaTopic ${metadata.name} waits for the Topic Operator of the Kafka ${metadata.labels?.[clusterLabel]}: it must watch the namespace ${metadata.namespace}`;
    return [{ reason: 'TopicsPending', message, isRefused: false }];
  }
  if (ready.status === 'True') return [];
  const { reason = 'TopicsPending', message = 'Strimzi does not say why' } = ready;
  const told = `the KafkaTopic ${metadata.name} is not ready: ${message}`;
  return [{ reason, message: told, isRefused: refusals.includes(reason) }];
}

const claimed = (platform: TiktokLite, { metadata }: TiktokLite): StalledError =>
  new StalledError(
    'ClaimedByAnother',
    `the topics ${kafkaAddress(platform).topicPrefix}.* are those of the platform ${metadata.name} in ${metadata.namespace}, which is older: delete one of the two, and make it again with a kafka.topicPrefix of its own`,
  );
