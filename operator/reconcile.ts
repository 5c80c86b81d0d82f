import type { Finding } from './api/conditions.ts';
import type { TiktokLite } from './api/tiktok-lite.ts';
import type { WarmUpStatus } from './api/warm-up.ts';
import type { Children } from './children.ts';
import type { ImageDefaults } from './images.ts';
import { keyText } from './kubernetes/objects.ts';
import { kafkaAddress } from './resources/addresses.ts';
import { childName } from './resources/names.ts';
import type { SecretKeeper } from './secrets/keep.ts';
import type { KafkaAccess } from './servers/kafka-client.ts';
import { externalServers } from './servers/target.ts';
import type { ServerWatch } from './servers/watch.ts';
import { arrangeTopics } from './steps/arrange-topics.ts';
import { confine } from './steps/confine.ts';
import { expose } from './steps/expose.ts';
import { findCertificate } from './steps/find-certificate.ts';
import { findCredentials } from './steps/find-credentials.ts';
import { migrate } from './steps/migrate.ts';
import { startServers } from './steps/start-servers.ts';
import { startServices } from './steps/start-services.ts';
import { runStep, WaitError } from './steps/step.ts';
import { warmUp } from './steps/warm-up.ts';
import type { TopicKeeper } from './topics/keeper.ts';
import type { FoundTopic } from './topics/recreated.ts';
import type { AskCache } from './warm-up/ask.ts';

/** What a rollout works with. */
export interface Tools {
  children: Children;
  secrets: SecretKeeper;
  /** Looks at servers that people run themselves. */
  servers: Pick<ServerWatch, 'look'>;
  topics: TopicKeeper;
  /** Every platform that this operator knows. */
  platforms: () => Iterable<TiktokLite>;
  /** Takes how the Kafka of a platform is logged in to, for who asks it beside the passes. */
  kafkaAccess: Pick<Map<string, KafkaAccess>, 'set'>;
  askCache: AskCache;
  images: ImageDefaults;
  /** Where clients reach node ports. */
  nodeAddress: string;
  operatorNamespace: string;
  now: Date;
}

/** What a rollout has come to know, also when it could not be finished. */
export interface Rollout {
  findings: Finding[];
  url?: string;
  /** Topics as the brokers have them; none where others look after them. */
  topics?: readonly FoundTopic[];
  topicSettings?: string[];
  warmUp?: WarmUpStatus;
}

/**
 * One pass towards the desired state; safe to repeat at any time. Reads as the order of a rollout: a step that is not done
 * throws, and what comes after it waits.
 */
export async function rollOut(platform: TiktokLite, rollout: Rollout, tools: Tools): Promise<void> {
  const { children, servers, images } = tools;
  const { findings } = rollout;

  const url = await runStep(findings, 'Accepted', async () => {
    await confine(platform, tools);
    return expose(platform, tools);
  });
  if (url !== undefined) rollout.url = url;
  const found = await runStep(findings, 'SecretsReady', () => findSecrets(platform, tools));
  const kafka = { brokers: kafkaAddress(platform).brokers, ...found.credentials.kafka };
  tools.kafkaAccess.set(keyText(platform.metadata), kafka);
  const dataIds = await runStep(findings, 'InfrastructureReady', async () => {
    const targets = externalServers(platform, found.credentials);
    const external = await servers.look(keyText(platform.metadata), targets);
    const done = await startServers(platform, { ...tools, generated: found.generated, external, findings });
    if (url === undefined) throw withoutAddress(childName(platform, 'gateway'));
    return done;
  });
  rollout.topics = await runStep(findings, 'TopicsReady', () => arrangeTopics(platform, { ...tools, kafka, dataIds }));
  rollout.topicSettings = Object.keys(platform.spec.topics.config).sort();
  const facts = { publicUrl: url ?? '', credentials: found.credentials };
  await runStep(findings, 'Migrated', () => migrate(platform, facts, { children, images, dataIds }));
  await runStep(findings, 'ServicesAvailable', () =>
    startServices(platform, { facts, certificateHash: found.certificateHash, children, images }),
  );
  const { finding, status } = await warmUp(platform, { facts, ...tools });
  findings.push(finding);
  if (status) rollout.warmUp = status;
  await children.prune();
  if (finding.status !== 'True' && !finding.advisory) throw new WaitError(finding.reason, finding.message);
}

/** Of people and generated: what processes log in with, and the certificate of the gateway. */
async function findSecrets(platform: TiktokLite, { secrets }: Tools) {
  const done = await findCredentials(secrets, platform);
  return { ...done, value: { ...done.value, certificateHash: await findCertificate(secrets.client, platform) } };
}

const withoutAddress = (service: string): WaitError =>
  new WaitError(
    'AddressPending',
    `the load balancer of the Service ${service} has no address yet: wait, or set gateway.publicUrl`,
  );
