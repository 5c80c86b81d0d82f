import type { V1Deployment } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { type Component, components } from '../components.ts';
import type { ImageDefaults } from '../images.ts';
import type { Live } from '../kubernetes/objects.ts';
import { deploymentProgress, type Progress, scaledProgress, summary } from '../progress.ts';
import { settingsConfigMapFor } from '../resources/config-map.ts';
import { deploymentFor } from '../resources/deployment.ts';
import { disruptionBudgetFor } from '../resources/disruption-budget.ts';
import { settingsSecretFor } from '../resources/secret.ts';
import { apiServiceFor } from '../resources/service.ts';
import { type Facts, settingsFor, settingsHash } from '../resources/settings.ts';
import { applyScaler } from './apply-scaler.ts';
import { openGateway } from './open-gateway.ts';
import { type Done, WaitError } from './step.ts';

interface Context {
  facts: Facts;
  /** A hash of the certificate of the gateway; undefined where it speaks plain HTTP. */
  certificateHash: string | undefined;
  children: Children;
  images: ImageDefaults;
}

/**
 * Starts every service, lets requests in as soon as each service behind the gateway answers, and waits until no pod of an
 * older version is left.
 */
export async function startServices(platform: TiktokLite, context: Context): Promise<Done> {
  const started = await Promise.all(components.map((component) => startService(platform, component, context)));
  const services = started.map(({ progress }) => progress);
  const serving = new Set(components.filter(({ serves }) => serves).map(({ name }) => name as string));
  const silent = services.filter(({ name, available }) => serving.has(name) && !available);
  if (silent.length > 0) await waitUntilComplete(services, context.children);
  const addresses = Object.fromEntries(started.map(({ progress, address }) => [progress.name, address]));
  const gateway = await openGateway(platform, addresses, context);
  await waitUntilComplete([...services, ...gateway], context.children);
  return { reason: 'ServicesReady', message: 'every service runs with its newest settings', value: undefined };
}

interface Started {
  progress: Progress;
  /** Of its Service, for the gateway. */
  address: string | undefined;
}

async function startService(platform: TiktokLite, component: Component, context: Context): Promise<Started> {
  const { children, facts, images } = context;
  const settings = settingsFor(platform, component.name, facts);
  await children.apply(settingsConfigMapFor(platform, component.name, settings));
  await children.apply(settingsSecretFor(platform, component.name, settings));
  const service = component.serves ? await children.apply(apiServiceFor(platform, component.name)) : undefined;
  await children.apply(disruptionBudgetFor(platform, component.name));
  const manifest = deploymentFor(platform, component, settingsHash(settings), images);
  const live = await children.apply(manifest);
  await applyScaler(platform, component, children);
  const followsQueue = component.hasFfmpeg && component.wanted(platform.spec).replicas === undefined;
  const progress = followsQueue
    ? await progressOfScaled(component.name, live, children)
    : deploymentProgress(component.name, live);
  return { progress, address: service?.spec?.clusterIP };
}

/** Pods that a scaler has just added are on their way; one that cannot run is told. */
async function progressOfScaled(name: string, live: Live<V1Deployment>, children: Children): Promise<Progress> {
  const progress = scaledProgress(name, live);
  if (progress.ready >= progress.desired || !(await children.troubleOf(name))) return progress;
  return { ...progress, complete: false, available: false };
}

async function waitUntilComplete(progress: readonly Progress[], children: Children): Promise<void> {
  const missing = progress.filter(({ complete }) => !complete);
  if (missing.length === 0) return;
  const works = missing.every(({ available }) => available);
  const message = works
    ? `the newest version of ${missing.map(({ name }) => name).join(', ')} is rolled out`
    : `waits for ${summary(missing)}`;
  throw new WaitError(works ? 'RollingOut' : 'ServicesStarting', await children.withTroubles(message, missing), {
    works,
  });
}
