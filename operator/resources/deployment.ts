import type { V1Container, V1Deployment } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { type Component, ports, resourcesOf } from '../components.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { ffmpegBeside } from './ffmpeg.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';
import { confined, podDefaults, scratch, spread } from './pod.ts';
import { settingsAnnotation } from './settings.ts';

/** A new pod is ready before an old one goes: a rollout loses no request. */
export const surge = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

/** A new pod has been ready for this long before an old one goes: every node knows its address by then. */
export const settleSeconds = 3;

/** Between the word that a pod goes and its SIGTERM: nodes stop sending to it, and it answers whoever still comes. */
const leaveSeconds = 3;

/** How many old versions are kept for `kubectl rollout undo`. */
const keptRevisions = 3;

const probe = (path: string, periodSeconds: number) => ({ httpGet: { path, port: 'health' }, periodSeconds });

/** Alive is asked rarely, ready often; a start may take a minute (database, topics and scripts are checked at start). */
export const probes = {
  startupProbe: { ...probe('/healthz', 2), failureThreshold: 30 },
  livenessProbe: { ...probe('/healthz', 20), failureThreshold: 3 },
  readinessProbe: probe('/readyz', 5),
};

/** Hands a process exactly its settings. */
export const settingsSource = (name: string) => [{ configMapRef: { name } }, { secretRef: { name } }];

function containerOf(platform: TiktokLite, component: Component, defaults: ImageDefaults): V1Container {
  const { env } = component.wanted(platform.spec);
  return {
    name: component.name,
    image: imageFor(component.image, platform, defaults),
    imagePullPolicy: platform.spec.images.pullPolicy,
    args: [component.entryPoint],
    ...(env.length > 0 ? { env } : {}),
    envFrom: settingsSource(childName(platform, component.name)),
    ports: [
      ...(component.serves ? [{ name: 'http', containerPort: ports.http, protocol: 'TCP' }] : []),
      { name: 'health', containerPort: ports.health, protocol: 'TCP' },
    ],
    ...probes,
    ...(component.serves ? { lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } } } : {}),
    resources: resourcesOf(component, platform),
    securityContext: confined,
  };
}

/** The Deployment that must exist for a component; `settingsHash` rolls it when its settings change. */
export function deploymentFor(
  platform: TiktokLite,
  component: Component,
  settingsHash: string,
  defaults: ImageDefaults,
): Manifest<V1Deployment> {
  const { replicas, labels, annotations, priorityClassName } = component.wanted(platform.spec);
  const temporary = scratch('tmp', '/tmp', component.temporaryMegabytes(platform.spec));
  const beside = component.hasFfmpeg ? ffmpegBeside(platform, defaults) : undefined;
  const mounts = [temporary.mount, ...(beside?.mounts ?? [])];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMeta(platform, component.name),
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      ...(component.serves ? { minReadySeconds: settleSeconds } : {}),
      revisionHistoryLimit: keptRevisions,
      strategy: surge,
      selector: { matchLabels: selectorOf(platform, component.name) },
      template: {
        metadata: {
          labels: { ...labels, ...labelsOf(platform, component.name) },
          annotations: { ...annotations, [settingsAnnotation]: settingsHash },
        },
        spec: {
          ...podDefaults(platform, component.name),
          ...(priorityClassName === undefined ? {} : { priorityClassName }),
          topologySpreadConstraints: spread(platform, component.name),
          terminationGracePeriodSeconds: component.graceSeconds(platform.spec),
          ...(beside ? { initContainers: [beside.container] } : {}),
          containers: [{ ...containerOf(platform, component, defaults), volumeMounts: mounts }],
          volumes: [temporary.volume, ...(beside?.volumes ?? [])],
        },
      },
    },
  };
}
