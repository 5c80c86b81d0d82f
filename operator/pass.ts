import type { V1Deployment, V1Job, V1PersistentVolumeClaim, V1StatefulSet } from '@kubernetes/client-node';
import type { Finding } from './api/conditions.ts';
import { apiVersion, type ComponentStatus, kind, type TiktokLite, type TiktokLiteStatus } from './api/tiktok-lite.ts';
import { childrenOf } from './children.ts';
import { type ImageDefaults, imageFor, versionOf } from './images.ts';
import type { Children as ChildrenMachinery } from './kubernetes/children.ts';
import type { Client } from './kubernetes/client-types.ts';
import type { Clock } from './kubernetes/clock.ts';
import { TerminalError } from './kubernetes/errors.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import { keyText, type Live, parseKey } from './kubernetes/objects.ts';
import type { Resource } from './kubernetes/resources.ts';
import type { Store, StoreReader } from './kubernetes/store.ts';
import type { PassResult } from './kubernetes/workers.ts';
import { type PlatformBody, platformOf } from './mirrors.ts';
import { deploymentProgress, type Progress, statefulSetProgress, summary } from './progress.ts';
import { type Rollout, rollOut } from './reconcile.ts';
import type { Scaler } from './scaler/loop.ts';
import type { RandomText } from './secrets/generated.ts';
import type { KafkaAccess } from './servers/kafka-client.ts';
import type { ServerWatch } from './servers/watch.ts';
import { happenings, isSameStatus, type Observation, pausedStatusOf, statusOf } from './status.ts';
import { deleteTopicsOf } from './steps/delete-topics.ts';
import { findKafkaAccess } from './steps/find-credentials.ts';
import { release } from './steps/release.ts';
import { noteUntoldFailure, WaitError } from './steps/step.ts';
import type { DeleteTopics } from './topics/apply.ts';
import type { KafkaTopic } from './topics/kafka-topic.ts';
import type { TopicKeeper } from './topics/keeper.ts';
import type { AskCache } from './warm-up/ask.ts';

/** Says that deleting the platform needs work of ours that owner references cannot do. */
export const platformFinalizer = 'tiktoklite.dev/release';

/** The manager of a platform's status; children have one of their own. */
const statusManager = 'tiktok-lite-status';

/** Nothing may change meanwhile, and yet something may be wrong: Secrets are not watched, and are back within a minute. */
const recheckSeconds = 50;
/** What keeps a pod from running shows in no object that is watched. */
const recheckWhileWaitingSeconds = 10;

/** What a pass over a platform works with. */
export interface PassTools {
  client: Client;
  platformResource: Resource<PlatformBody>;
  platforms: Store<PlatformBody>;
  deployments: StoreReader<V1Deployment>;
  statefulSets: StoreReader<V1StatefulSet>;
  volumes: StoreReader<V1PersistentVolumeClaim>;
  kafkaTopics: StoreReader<KafkaTopic>;
  jobs: StoreReader<V1Job>;
  children: ChildrenMachinery;
  topics: TopicKeeper;
  deleteTopics: DeleteTopics;
  servers: Pick<ServerWatch, 'look' | 'forget'>;
  kafkaAccess: Map<string, KafkaAccess>;
  scaler: Pick<Scaler, 'findingOf'>;
  askCache: AskCache;
  events: EventRecorder;
  images: ImageDefaults;
  nodeAddress: string;
  operatorNamespace: string;
  randomText: RandomText;
  clock: Clock;
}

/** One pass over the platform with this key: what is written follows only from what is there, never from what happened. */
export const createPass =
  (tools: PassTools) =>
  async (key: string, signal: AbortSignal): Promise<PassResult | undefined> => {
    const live = tools.platforms.get(parseKey(key));
    if (!live) {
      tools.topics.forget(key);
      tools.servers.forget(key);
      tools.kafkaAccess.delete(key);
      return undefined;
    }
    const platform = platformOf(live);
    if (platform.metadata.deletionTimestamp) return finish(platform, tools, signal);
    if (platform.spec.paused) {
      await report(platform, pausedStatusOf(platform, tools.clock.date()), [], tools);
      return undefined;
    }
    return bringForward(await withFinalizer(platform, tools), tools, signal);
  };

async function bringForward(platform: TiktokLite, tools: PassTools, signal: AbortSignal): Promise<PassResult> {
  const rollout: Rollout = { findings: [] };
  const children = childrenFor(platform, tools, signal);
  const failure = await rollOut(platform, rollout, {
    children,
    topics: tools.topics,
    servers: tools.servers,
    kafkaAccess: tools.kafkaAccess,
    platforms: () => platformsOf(tools),
    askCache: tools.askCache,
    now: tools.clock.date(),
    images: tools.images,
    nodeAddress: tools.nodeAddress,
    operatorNamespace: tools.operatorNamespace,
    secrets: {
      client: tools.client,
      randomText: tools.randomText,
      hasVolume: (_, server) => children.volumeOf(server) !== undefined,
    },
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  signal.throwIfAborted();
  if (failure !== undefined) noteUntoldFailure(rollout.findings, failure);
  // A broker that was away may have come back without its topics.
  if (!rollout.findings.some(({ type }) => type === 'TopicsReady')) tools.topics.forget(keyText(platform.metadata));
  const observation = observe(platform, rollout, tools);
  const status = statusOf(
    platform,
    failure === undefined ? finished(platform, observation, tools) : observation,
    tools.clock.date(),
  );
  await report(platform, status, observation.findings, tools);
  if (failure === undefined)
    return { requeueAfterSeconds: isAtRest(rollout) ? recheckSeconds : recheckWhileWaitingSeconds };
  if (failure instanceof TerminalError) return { requeueAfterSeconds: recheckSeconds };
  if (failure instanceof WaitError) return { requeueAfterSeconds: recheckWhileWaitingSeconds };
  throw failure;
}

/** Nothing is under way that the status tells the progress of. */
const isAtRest = ({ findings }: Rollout): boolean => findings.every(({ status }) => status === 'True');

const finished = (platform: TiktokLite, observation: Observation, { images }: PassTools): Observation => ({
  ...observation,
  version: versionOf(imageFor('services', platform, images)),
});

const childrenFor = (
  platform: TiktokLite,
  { children, client, volumes, kafkaTopics, jobs }: PassTools,
  signal: AbortSignal,
) =>
  childrenOf(platform, {
    pass: children.pass({ uid: platform.metadata.uid, signal }),
    client,
    volumes,
    kafkaTopics,
    jobs,
  });

/** What the caches say about the pods, and whether services answer although the rollout did not come to them. */
function observe(
  platform: TiktokLite,
  { findings, url, topics, topicSettings, warmUp }: Rollout,
  tools: PassTools,
): Observation {
  const { uid } = platform.metadata;
  const nameOf = (object: Live): string =>
    object.metadata.labels?.['app.kubernetes.io/component'] ?? object.metadata.name;
  const services = tools.deployments.ownedBy(uid).map((live) => deploymentProgress(nameOf(live), live));
  const servers = tools.statefulSets.ownedBy(uid).map((live) => statefulSetProgress(nameOf(live), live));
  const components = [...services, ...servers].map(toStatus).sort((one, other) => (one.name < other.name ? -1 : 1));
  const told = [...findings, ...unnoticed(findings, services), tools.scaler.findingOf(platform)];
  return { findings: told, components, url, topics, topicSettings, warmUp };
}

const toStatus = ({ name, ready, desired }: Progress): ComponentStatus => ({ name, ready, desired });

/** A service that does not answer is told also when the rollout waits for something before it. */
function unnoticed(findings: readonly Finding[], services: readonly Progress[]): Finding[] {
  const silent = services.filter(({ available }) => !available);
  if (silent.length === 0 || findings.some(({ type }) => type === 'ServicesAvailable')) return [];
  const message = `waits for ${summary(silent)}`;
  return [{ type: 'ServicesAvailable', status: 'False', reason: 'ServicesUnavailable', message }];
}

/** Writes the status where it differs, and tells what is new. */
async function report(
  platform: TiktokLite,
  status: TiktokLiteStatus,
  findings: readonly Finding[],
  { client, platformResource, platforms, events }: PassTools,
): Promise<void> {
  if (isSameStatus(platform.status, status)) return;
  const { name, namespace } = platform.metadata;
  const object = { apiVersion, kind, metadata: { name, namespace }, status };
  platforms.written(await client.applyStatus(platformResource, object, { fieldManager: statusManager }));
  for (const happening of happenings(platform.status, status, findings)) {
    events.record({ regarding: { apiVersion, kind, metadata: platform.metadata }, ...happening });
  }
}

async function withFinalizer(platform: TiktokLite, tools: PassTools): Promise<TiktokLite> {
  const { finalizers = [], resourceVersion } = platform.metadata;
  if (finalizers.includes(platformFinalizer)) return platform;
  return patchMetadata(platform, { resourceVersion, finalizers: [...finalizers, platformFinalizer] }, tools);
}

/** The platform goes away: our part of it first, then our finalizer; Kubernetes deletes what the platform owns. */
async function finish(platform: TiktokLite, tools: PassTools, signal: AbortSignal): Promise<PassResult | undefined> {
  const { finalizers = [], resourceVersion } = platform.metadata;
  if (!finalizers.includes(platformFinalizer)) return undefined;
  const topics = await deleteTopicsOf(platform, {
    findAccess: async () =>
      tools.kafkaAccess.get(keyText(platform.metadata)) ?? (await findKafkaAccess(tools.client, platform)),
    deleteTopics: tools.deleteTopics,
    platforms: platformsOf(tools),
    now: tools.clock.date(),
  });
  signal.throwIfAborted();
  if (topics.outcome === 'pending') {
    await reportPending(platform, topics.finding, tools);
    return { requeueAfterSeconds: recheckWhileWaitingSeconds };
  }
  if (topics.outcome === 'left') {
    const regarding = { apiVersion, kind, metadata: platform.metadata };
    const left = { type: 'Warning', reason: 'TopicsLeft', action: 'DeleteTopics', note: topics.note } as const;
    tools.events.record({ regarding, ...left });
  }
  await release(platform, { client: tools.client, children: childrenFor(platform, tools, signal) });
  const others = finalizers.filter((name) => name !== platformFinalizer);
  await patchMetadata(platform, { resourceVersion, finalizers: others }, tools);
  return undefined;
}

/** Why a platform that is to go is still there. */
function reportPending(platform: TiktokLite, finding: Finding, tools: PassTools): Promise<void> {
  const { components = [] } = platform.status ?? {};
  const status = statusOf(platform, { findings: [finding], components }, tools.clock.date());
  return report(platform, status, [finding], tools);
}

const platformsOf = ({ platforms }: PassTools): TiktokLite[] => platforms.list().map(platformOf);

async function patchMetadata(
  platform: TiktokLite,
  metadata: object,
  { client, platformResource, platforms }: PassTools,
): Promise<TiktokLite> {
  const live = await client.patchMerge(platformResource, platform.metadata, { metadata });
  if (!live.metadata.deletionTimestamp) platforms.written(live);
  return platformOf(live);
}
