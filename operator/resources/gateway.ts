import type { V1Deployment, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { gatewayConfigMapFor } from './config-map.ts';
import { probes, settleSeconds, surge } from './deployment.ts';
import { certificateFolder, gatewayPorts } from './gateway-configuration.ts';
import { leaveCommand, leaveSeconds } from './gateway-leaving.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { shortHash } from './names.ts';
import { childMeta } from './owner.ts';
import { confined, podDefaults, scratch, spread } from './pod.ts';
import { gatewayPortOf } from './service.ts';

/** Long enough for the slowest upload to end after the gateway has left. */
const graceSeconds = leaveSeconds + 67;

const resources = {
  requests: { cpu: '25m', memory: '32Mi', 'ephemeral-storage': '32Mi' },
  limits: { cpu: '2', memory: '256Mi', 'ephemeral-storage': '1Gi' },
};

/** The Secret with the certificate, readable by nginx alone. */
function certificateOf({ spec }: TiktokLite): { volumes: V1Volume[]; mounts: V1VolumeMount[] } {
  const { tls } = spec.gateway;
  if (!tls) return { volumes: [], mounts: [] };
  const name = 'certificate';
  return {
    volumes: [{ name, secret: { secretName: tls.secretRef.name, defaultMode: 0o440 } }],
    mounts: [{ name, mountPath: certificateFolder, readOnly: true }],
  };
}

/** What nginx is started with. */
export interface GatewayInput {
  configuration: string;
  /** A hash of the certificate; absent where the gateway speaks plain HTTP. */
  certificateHash?: string | undefined;
}

/** nginx with the configuration of this platform; a changed configuration or certificate rolls it. */
export function gatewayDeploymentFor(
  platform: TiktokLite,
  { configuration, certificateHash }: GatewayInput,
  defaults: ImageDefaults,
): Manifest<V1Deployment> {
  const { name } = gatewayConfigMapFor(platform, configuration).metadata;
  const temporary = scratch('tmp', '/tmp', 512);
  const port = gatewayPortOf(platform);
  const certificate = certificateOf(platform);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMeta(platform, 'gateway'),
    spec: {
      replicas: 1,
      minReadySeconds: settleSeconds,
      revisionHistoryLimit: 3,
      strategy: surge,
      selector: { matchLabels: selectorOf(platform, 'gateway') },
      template: {
        metadata: {
          labels: labelsOf(platform, 'gateway'),
          annotations: {
            'tiktoklite.dev/configuration-hash': shortHash(configuration),
            ...(certificateHash === undefined ? {} : { 'tiktoklite.dev/certificate-hash': certificateHash }),
          },
        },
        spec: {
          ...podDefaults(platform, 'gateway'),
          topologySpreadConstraints: spread(platform, 'gateway'),
          terminationGracePeriodSeconds: graceSeconds,
          containers: [
            {
              name: 'gateway',
              image: imageFor('gateway', platform, defaults),
              imagePullPolicy: platform.spec.images.pullPolicy,
              ports: [
                { name: port.name, containerPort: port.targetPort, protocol: 'TCP' },
                { name: 'health', containerPort: gatewayPorts.health, protocol: 'TCP' },
              ],
              ...probes,
              lifecycle: { preStop: { exec: { command: leaveCommand } } },
              resources,
              securityContext: confined,
              volumeMounts: [
                temporary.mount,
                { name: 'configuration', mountPath: '/etc/nginx/nginx.conf', subPath: 'nginx.conf', readOnly: true },
                ...certificate.mounts,
              ],
            },
          ],
          volumes: [temporary.volume, { name: 'configuration', configMap: { name } }, ...certificate.volumes],
        },
      },
    },
  };
}
