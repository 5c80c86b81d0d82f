import assert from 'node:assert/strict';
import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { Manifest } from '../kubernetes/objects.ts';
import { buildPlatform } from '../testing/build-platform.ts';
import { recordChildren } from '../testing/record-children.ts';
import type { ScaledObject, TriggerAuthentication } from './scaled-object.ts';

type Spec = NonNullable<Parameters<typeof buildPlatform>[0]>;

const childrenOf = async (spec: Spec) => {
  const children = await recordChildren(buildPlatform(spec));
  const find = <T extends object>(kind: string, name: string) =>
    children.find((child) => child.kind === kind && child.metadata.name === `demo-${name}`) as Manifest<T> | undefined;
  return { all: children, find };
};

describe('what scales a component', () => {
  it('is nobody unless the object says so', async () => {
    const { all, find } = await childrenOf({});
    assert.deepEqual(
      all.filter(({ kind }) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind)),
      [],
    );
    assert.equal(find<{ spec: { replicas: number } }>('Deployment', 'video')?.spec.replicas, 1);
  });

  it('is the processor time of a service, and then the object does not say how many there are', async () => {
    const { find } = await childrenOf({ services: { video: { autoscaling: { minReplicas: 2, maxReplicas: 9 } } } });
    assert.equal('replicas' in (find<{ spec: object }>('Deployment', 'video')?.spec ?? {}), false);
    const { spec } = find<V2HorizontalPodAutoscaler>('HorizontalPodAutoscaler', 'video') ?? {};
    assert.deepEqual(
      [spec?.scaleTargetRef.name, spec?.minReplicas, spec?.maxReplicas, spec?.metrics?.[0]?.containerResource],
      [
        'demo-video',
        2,
        9,
        { name: 'cpu', container: 'video', target: { type: 'Utilization', averageUtilization: 80 } },
      ],
    );
  });

  it('is the processor time of ffmpeg with hpa, which keeps one pod', async () => {
    const policies = [{ type: 'Pods' as const, value: 2, periodSeconds: 60 }];
    const behavior = { scaleUp: { policies } };
    const autoscaling = { mode: 'hpa' as const, maxReplicas: 6, behavior };
    const { spec } =
      (await childrenOf({ transcoder: { autoscaling } })).find<V2HorizontalPodAutoscaler>(
        'HorizontalPodAutoscaler',
        'transcoder',
      ) ?? {};
    assert.equal(spec?.metrics?.[0]?.containerResource?.container, 'ffmpeg');
    assert.deepEqual([spec?.minReplicas, spec?.maxReplicas], [1, 6]);
    assert.deepEqual(spec?.behavior?.scaleUp, { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies });
    assert.deepEqual(spec?.behavior?.scaleDown, { stabilizationWindowSeconds: 300, selectPolicy: 'Max' });
  });

  it('is KEDA also where it has to log in, with the Secrets of the object', async () => {
    const autoscaling = { mode: 'keda' as const };
    const kedaOf = async (external: object) => {
      const { find } = await childrenOf({
        kafka: { external: { brokers: ['k1:9093'], ...external } },
        transcoder: { autoscaling },
      });
      const trigger = find<ScaledObject>('ScaledObject', 'transcoder')?.spec.triggers[0];
      return { trigger, authentication: find<TriggerAuthentication>('TriggerAuthentication', 'transcoder') };
    };
    const sasl = { mechanism: 'scram-sha-512', credentialsSecretRef: { name: 'login' } };
    const { trigger, authentication } = await kedaOf({ tls: { caSecretRef: { name: 'authority' } }, sasl });
    assert.deepEqual(
      [trigger?.metadata.tls, trigger?.metadata.sasl, trigger?.authenticationRef],
      ['enable', 'scram_sha512', { name: 'demo-transcoder' }],
    );
    assert.deepEqual(authentication?.spec.secretTargetRef, [
      { parameter: 'ca', name: 'authority', key: 'ca.crt' },
      { parameter: 'username', name: 'login', key: 'username' },
      { parameter: 'password', name: 'login', key: 'password' },
    ]);
    const known = await kedaOf({ tls: {} });
    assert.deepEqual(
      [known.trigger?.metadata.tls, known.trigger?.authenticationRef, known.authentication],
      ['enable', undefined, undefined],
    );
  });

  it('is the lag of both topics of uploads with keda', async () => {
    const fallback = { failureThreshold: 4, replicas: 2, behavior: 'static' as const };
    const { find } = await childrenOf({
      kafka: { external: { brokers: ['k1:9092', 'k2:9092'] }, topicPrefix: 'clips' },
      transcoder: { autoscaling: { mode: 'keda', lagThreshold: 7, cooldownSeconds: 60, fallback } },
    });
    const { spec } = find<ScaledObject>('ScaledObject', 'transcoder') ?? {};
    assert.deepEqual(
      [spec?.minReplicaCount, spec?.maxReplicaCount, spec?.cooldownPeriod, spec?.fallback],
      [0, 4, 60, fallback],
    );
    assert.deepEqual(
      spec?.triggers.map(({ metadata: { topic, consumerGroup, bootstrapServers, lagThreshold } }) => [
        ...[topic, consumerGroup, bootstrapServers, lagThreshold],
      ]),
      [
        ['clips.uploads', 'clips.transcoder', 'k1:9092,k2:9092', '7'],
        ['clips.uploads-retry', 'clips.transcoder-retry', 'k1:9092,k2:9092', '7'],
      ],
    );
  });
});
