import type { Client } from '../../../operator/kubernetes/client-types.ts';
import type { Manifest } from '../../../operator/kubernetes/objects.ts';
import { type Resource, resources } from '../../../operator/kubernetes/resources.ts';
import { httpRoutes, kafkaTopics, scaledObjects, triggerAuthentications } from '../../../operator/mirrors.ts';
import { sharedBackends } from '../../backends/index.ts';
import { installForeignDefinition, installKafkaTopicDefinition } from '../foreign-definitions.ts';
import type { OperatedCluster } from '../reconcile-fixture.ts';

/** A kind of child that is watched, and what somebody does to it by hand. */
export interface Kind {
  resource: Resource;
  change: object;
}

/** Kinds that every platform has. */
export const kindsOfEveryPlatform: Kind[] = [
  { resource: resources.deployments, change: { spec: { template: { spec: { enableServiceLinks: true } } } } },
  { resource: resources.statefulSets, change: { spec: { replicas: 0 } } },
  { resource: resources.services, change: { spec: { selector: { by: 'hand' } } } },
  { resource: resources.configMaps, change: { data: { BY: 'hand' } } },
  { resource: resources.jobs, change: { spec: { backoffLimit: 1 } } },
  { resource: resources.serviceAccounts, change: { automountServiceAccountToken: true } },
  { resource: resources.networkPolicies, change: { spec: { ingress: [{}] } } },
  { resource: resources.podDisruptionBudgets, change: { spec: { maxUnavailable: 0 } } },
];

/** A kind that some platforms have: those of which the object says so, in a cluster that knows it. */
export interface KindOfSome extends Kind {
  spec: object | ((cluster: Pick<OperatedCluster, 'client' | 'namespace'>) => Promise<object>);
  install?: (client: Client) => Promise<void>;
}

const keda = 'github.com/kedacore/keda/v2';
const publicUrl = 'https://tok.example.org';

/** Kinds that a platform has when its object asks for them. */
export const kindsOfSomePlatforms: KindOfSome[] = [
  {
    resource: resources.ingresses,
    change: { spec: { ingressClassName: 'other' } },
    spec: { gateway: { mode: 'ingress', publicUrl } },
  },
  {
    resource: resources.horizontalPodAutoscalers,
    change: { spec: { maxReplicas: 99 } },
    spec: { services: { video: { autoscaling: { maxReplicas: 3 } } } },
  },
  {
    resource: scaledObjects,
    change: { spec: { cooldownPeriod: 1 } },
    spec: { transcoder: { autoscaling: { mode: 'keda' } } },
    install: (client) => installForeignDefinition(client, keda, 'config/crd/bases/keda.sh_scaledobjects.yaml'),
  },
  {
    resource: triggerAuthentications,
    change: { spec: { secretTargetRef: [] } },
    spec: async ({ client, namespace }) => {
      const { brokers, authority, username, password } = (await sharedBackends().kafka).secured;
      const metadata = { namespace, name: 'kafka-access' };
      const stringData = { 'ca.crt': authority, username, password };
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
      await client.apply(resources.secrets, secret as Manifest, { fieldManager: 'test' });
      const access = { name: metadata.name };
      const sasl = { mechanism: 'scram-sha-512', credentialsSecretRef: access };
      const kafka = { external: { brokers, tls: { caSecretRef: access }, sasl } };
      return { kafka, transcoder: { autoscaling: { mode: 'keda' } } };
    },
    install: (client) => installForeignDefinition(client, keda, 'config/crd/bases/keda.sh_triggerauthentications.yaml'),
  },
  {
    resource: kafkaTopics,
    change: { spec: { partitions: 99 } },
    spec: async () => ({
      kafka: { external: { brokers: (await sharedBackends().kafka).brokers } },
      topics: { mode: 'kafkaTopic', kafkaTopic: { cluster: 'main' }, deletionPolicy: 'Delete' },
    }),
    install: installKafkaTopicDefinition,
  },
  {
    resource: httpRoutes,
    change: { spec: { hostnames: ['other.example.org'] } },
    spec: {
      gateway: {
        mode: 'gatewayAPI',
        publicUrl,
        host: 'tok.example.org',
        gatewayAPI: { parentRefs: [{ name: 'edge' }] },
      },
    },
    install: (client) =>
      installForeignDefinition(
        client,
        'sigs.k8s.io/gateway-api',
        'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
      ),
  },
];

/** Kinds that no watch tells about: Secrets are looked at in each pass, volumes only ever grow. */
export const unwatchedKinds = [resources.secrets, resources.persistentVolumeClaims];
