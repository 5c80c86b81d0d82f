import type { V1EnvVar, V1StatefulSet } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { EmbeddedServer, FromSecret, Storage, WantedServer } from '../embedded-servers.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { embeddedPorts } from './addresses.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';
import { confined, podDefaults, scratch } from './pod.ts';

const variable = (platform: TiktokLite, name: string, value: string | FromSecret): V1EnvVar =>
  typeof value === 'string'
    ? { name, value }
    : { name, valueFrom: { secretKeyRef: { name: childName(platform, value.secret), key: value.key } } };

function dataVolume(platform: TiktokLite, server: EmbeddedServer, storage: Storage) {
  if (storage.ephemeral) return { name: 'data', emptyDir: { sizeLimit: String(storage.size) } };
  return { name: 'data', persistentVolumeClaim: { claimName: childName(platform, server.name) } };
}

/** The file of a server that nobody else may see, in a folder of its own. */
function secretFolder(platform: TiktokLite, { name, secretFile }: EmbeddedServer) {
  if (!secretFile) return [];
  const secret = { secretName: childName(platform, name), items: [{ key: secretFile.name, path: secretFile.name }] };
  return [
    { volume: { name: 'secrets', secret }, mount: { name: 'secrets', mountPath: secretFile.folder, readOnly: true } },
  ];
}

const scratchMegabytes = 256;

/** The one pod of an embedded server. A StatefulSet never runs two on the same data; changed credentials restart it. */
export function statefulSetFor(
  platform: TiktokLite,
  { server, storage }: WantedServer,
  credentialsHash: string,
  defaults: ImageDefaults,
): Manifest<V1StatefulSet> {
  const port = embeddedPorts[server.name];
  const folders = [
    ...server.scratchPaths.map((path, index) => scratch(`scratch-${index}`, path, scratchMegabytes)),
    ...secretFolder(platform, server),
  ];
  const accepts = { tcpSocket: { port: server.name } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: childMeta(platform, server.name),
    spec: {
      replicas: 1,
      serviceName: childName(platform, server.name),
      // With ordered management a pod that never became ready would block its own repair.
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(platform, server.name) },
      template: {
        metadata: {
          labels: labelsOf(platform, server.name),
          annotations: { 'tiktoklite.dev/credentials-hash': credentialsHash },
        },
        spec: {
          ...podDefaults(platform, server.name),
          terminationGracePeriodSeconds: server.graceSeconds,
          containers: [
            {
              name: server.name,
              image: imageFor(server.image, platform, defaults),
              imagePullPolicy: platform.spec.images.pullPolicy,
              ...(server.args(storage).length > 0 ? { args: server.args(storage) } : {}),
              env: Object.entries(server.env(platform)).map(([name, value]) => variable(platform, name, value)),
              ports: [{ name: server.name, containerPort: port, protocol: 'TCP' }],
              // A server that recovers its data after a crash may take its time.
              startupProbe: { ...accepts, periodSeconds: 2, failureThreshold: 150 },
              livenessProbe: { ...accepts, periodSeconds: 20, failureThreshold: 3 },
              // Who needs it hears within ten seconds that it is away.
              readinessProbe: { ...accepts, periodSeconds: 3, failureThreshold: 2 },
              resources: { requests: server.requests, limits: server.limits },
              securityContext: confined,
              volumeMounts: [{ name: 'data', mountPath: server.dataPath }, ...folders.map(({ mount }) => mount)],
            },
          ],
          volumes: [dataVolume(platform, server, storage), ...folders.map(({ volume }) => volume)],
        },
      },
    },
  };
}
