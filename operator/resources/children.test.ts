import assert from 'node:assert/strict';
import type { V1Deployment, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { components, migration, tasks } from '../components.ts';
import { embeddedServersOf } from '../embedded-servers.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { podNamesOf } from '../pods.ts';
import { buildPlatform, someFacts, someImages } from '../testing/build-platform.ts';
import { gatewayConfigMapFor, settingsConfigMapFor } from './config-map.ts';
import { deploymentFor } from './deployment.ts';
import { disruptionBudgetFor } from './disruption-budget.ts';
import { gatewayDeploymentFor } from './gateway.ts';
import { jobFor } from './job.ts';
import { networkPoliciesFor } from './network-policy.ts';
import { decoded, serverSecretFor, settingsSecretFor } from './secret.ts';
import { apiServiceFor, gatewayServiceFor, serverServiceFor } from './service.ts';
import { serviceAccountFor } from './service-account.ts';
import { settingsFor } from './settings.ts';
import { statefulSetFor } from './stateful-set.ts';
import { volumeClaimFor } from './volume-claim.ts';

interface WithPods extends Manifest {
  spec: { selector?: { matchLabels?: Record<string, string> }; replicas?: number; template: V1PodTemplateSpec };
}

const workloadsOf = (platform: TiktokLite): WithPods[] =>
  [
    ...components.map((component) => deploymentFor(platform, component, 'hash', someImages)),
    ...embeddedServersOf(platform).map((wanted) => statefulSetFor(platform, wanted, 'hash', someImages)),
    gatewayDeploymentFor(platform, { configuration: 'configuration' }, someImages),
    ...tasks.map((task) => jobFor(platform, task, 'hash', someImages)),
  ] as WithPods[];

const childrenOf = (platform: TiktokLite): Manifest[] => [
  ...workloadsOf(platform),
  settingsConfigMapFor(platform, 'video', settingsFor(platform, 'video', someFacts)),
  settingsSecretFor(platform, 'video', settingsFor(platform, 'video', someFacts)),
  gatewayConfigMapFor(platform, 'configuration'),
  apiServiceFor(platform, 'video'),
  serverServiceFor(platform, 'mysql', 3306),
  gatewayServiceFor(platform),
  serviceAccountFor(platform, 'video'),
  disruptionBudgetFor(platform, 'video'),
  ...networkPoliciesFor(platform, 'operators'),
];

const containersOf = ({ spec }: WithPods) => [
  ...(spec.template.spec?.containers ?? []),
  ...(spec.template.spec?.initContainers ?? []),
];

const millicores = (amount: string | undefined): number =>
  amount?.endsWith('m') ? Number(amount.slice(0, -1)) : Number(amount) * 1000;

describe('the children of a platform', () => {
  const platform = buildPlatform();

  it('belong to it, are labelled, and come out the same for the same input', () => {
    for (const child of childrenOf(platform)) {
      assert.equal(child.metadata.ownerReferences?.[0]?.uid, platform.metadata.uid);
      assert.equal(child.metadata.labels?.['app.kubernetes.io/managed-by'], 'tiktok-lite-operator');
      assert.equal(child.metadata.namespace, 'shop');
    }
    assert.deepEqual(childrenOf(buildPlatform()), childrenOf(buildPlatform()));
  });

  for (const workload of workloadsOf(platform)) {
    describe(`${workload.kind} ${workload.metadata.name}`, () => {
      it('selects its own pods', () => {
        const labels = workload.spec.template.metadata?.labels ?? {};
        for (const [label, value] of Object.entries(workload.spec.selector?.matchLabels ?? {})) {
          assert.equal(labels[label], value);
        }
      });

      it('meets the Pod Security Standard "restricted", cannot write to its image and has no service token', () => {
        const pod = workload.spec.template.spec;
        assert.equal(pod?.securityContext?.runAsNonRoot, true);
        assert.equal(pod?.securityContext?.seccompProfile?.type, 'RuntimeDefault');
        assert.equal(pod?.automountServiceAccountToken, false);
        assert.equal(pod?.serviceAccountName, workload.metadata.name.replace(/-[0-9a-f]{8}$/, ''));
        assert.equal(pod?.enableServiceLinks, false);
        for (const container of containersOf(workload)) {
          assert.equal(container.securityContext?.allowPrivilegeEscalation, false);
          assert.equal(container.securityContext?.readOnlyRootFilesystem, true);
          assert.deepEqual(container.securityContext?.capabilities, { drop: ['ALL'] });
        }
      });

      it('asks for processor time, memory and disk, and is limited', () => {
        for (const { resources } of containersOf(workload)) {
          for (const amounts of [resources?.requests, resources?.limits]) {
            assert.deepEqual(Object.keys(amounts ?? {}).sort(), ['cpu', 'ephemeral-storage', 'memory']);
          }
        }
      });
    });
  }

  it('leave room for a second platform on a node with two cores', () => {
    const requested = workloadsOf(platform).flatMap(containersOf);
    const sum = requested.reduce((total, { resources }) => total + millicores(resources?.requests?.cpu), 0);
    assert.ok(sum <= 700, `${sum}m`);
  });

  it('roll only when their own input changes', () => {
    const changed = buildPlatform({ transcoder: { replicas: 4 } });
    const before = workloadsOf(platform);
    const different = workloadsOf(changed).filter(
      (workload, index) => JSON.stringify(workload) !== JSON.stringify(before[index]),
    );
    assert.deepEqual(
      different.map(({ metadata, spec }) => [metadata.name, spec.replicas]),
      [['demo-transcoder', 4]],
    );
  });
});

describe('the identities of a platform', () => {
  it('are one for each kind of pod, none of them with a token', () => {
    const platform = buildPlatform();
    const accounts = podNamesOf(platform).map((pod) => serviceAccountFor(platform, pod));
    const used = workloadsOf(platform).map(({ spec }) => spec.template.spec?.serviceAccountName);
    assert.deepEqual(accounts.map(({ metadata }) => metadata.name).sort(), used.sort());
    for (const { automountServiceAccountToken } of accounts) assert.equal(automountServiceAccountToken, false);
  });
});

describe('a component that serves', () => {
  const serving = workloadsOf(buildPlatform()).filter(({ metadata }) =>
    /-(auth|user|video|publish|gateway)$/.test(metadata.name),
  ) as unknown as Manifest<V1Deployment>[];

  it('has a new pod that answers, for a while already, before an old one leaves', () => {
    assert.equal(serving.length, 5);
    for (const { spec } of serving) {
      assert.deepEqual(spec?.strategy?.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
      assert.ok((spec?.minReadySeconds ?? 0) > 0);
      assert.ok(spec?.template.spec?.containers[0]?.lifecycle?.preStop);
      assert.ok(spec?.template.spec?.containers[0]?.readinessProbe);
    }
  });

  it('spreads the pods of each version over zones and nodes', () => {
    for (const { spec } of serving) {
      const constraints = spec?.template.spec?.topologySpreadConstraints ?? [];
      assert.deepEqual(
        constraints.map(({ topologyKey, matchLabelKeys }) => [topologyKey, matchLabelKeys]),
        [
          ['topology.kubernetes.io/zone', ['pod-template-hash']],
          ['kubernetes.io/hostname', ['pod-template-hash']],
        ],
      );
    }
  });
});

describe('an embedded server', () => {
  it('has no password in its arguments, where every process of the node could read it', () => {
    const platform = buildPlatform();
    for (const workload of workloadsOf(platform)) {
      assert.doesNotMatch(JSON.stringify(containersOf(workload).map(({ args }) => args)), /\$\(|requirepass/);
    }
  });

  it('starts Redis with the file that holds the password', () => {
    const platform = buildPlatform();
    const [{ server } = assert.fail()] = embeddedServersOf(platform).filter((wanted) => wanted.server.name === 'redis');
    const file = server.secretFile ?? assert.fail();
    const secret = serverSecretFor(platform, server, file, { password: 'of-the-cache' });
    assert.deepEqual(decoded(secret.data), { [file.name]: 'requirepass "of-the-cache"\n' });
    const redis = workloadsOf(platform).find(({ metadata }) => metadata.name === 'demo-redis') ?? assert.fail();
    const [container] = containersOf(redis);
    const mount = container?.volumeMounts?.find(({ mountPath }) => mountPath === file.folder);
    const volume = redis.spec.template.spec?.volumes?.find(({ name }) => name === mount?.name);
    assert.equal(volume?.secret?.secretName, secret.metadata.name);
    assert.equal(container?.args?.[1], `${file.folder}/${file.name}`);
  });
});

describe('the gateway', () => {
  const platform = buildPlatform();
  const mounted = (configuration: string) =>
    gatewayDeploymentFor(platform, { configuration }, someImages).spec?.template.spec?.volumes?.find(
      ({ name }) => name === 'configuration',
    )?.configMap?.name;

  it('reads the very configuration that it was rolled for, whatever a node remembers of others', () => {
    for (const configuration of ['one', 'other']) {
      const { metadata, immutable } = gatewayConfigMapFor(platform, configuration);
      assert.deepEqual([mounted(configuration), immutable], [metadata.name, true]);
    }
    assert.notEqual(mounted('one'), mounted('other'));
  });
});

describe('a disruption budget', () => {
  it('lets one pod go at a time, and always one that is not ready', () => {
    const platform = buildPlatform();
    const { spec } = disruptionBudgetFor(platform, 'video');
    assert.deepEqual([spec?.maxUnavailable, spec?.unhealthyPodEvictionPolicy], [1, 'AlwaysAllow']);
    const video = workloadsOf(platform).find(({ metadata }) => metadata.name === 'demo-video');
    assert.deepEqual(spec?.selector, video?.spec.selector);
  });
});

describe('what the object adds to the pods of a component', () => {
  const added = {
    labels: { team: 'video', 'app.kubernetes.io/name': 'hijacked' },
    annotations: { 'example.org/scrape': 'true' },
    env: [{ name: 'LOG_LEVEL', value: 'debug' }],
    priorityClassName: 'important',
  };
  const platform = buildPlatform({ services: { video: added }, transcoder: added });

  for (const name of ['demo-video', 'demo-transcoder']) {
    it(`reaches ${name}, and never takes away what selects it`, () => {
      const { metadata, spec } =
        workloadsOf(platform).find((workload) => workload.metadata.name === name)?.spec.template ?? assert.fail();
      assert.equal(metadata?.labels?.team, 'video');
      assert.equal(metadata?.labels?.['app.kubernetes.io/name'], 'tiktok-lite');
      assert.equal(metadata?.annotations?.['example.org/scrape'], 'true');
      assert.ok(metadata?.annotations?.['tiktoklite.dev/settings-hash']);
      assert.deepEqual(spec?.containers[0]?.env, added.env);
      assert.equal(spec?.priorityClassName, 'important');
    });
  }

  it('leaves every other component as it is', () => {
    const before = workloadsOf(buildPlatform());
    const changed = workloadsOf(platform).filter(
      (workload, index) => JSON.stringify(workload) !== JSON.stringify(before[index]),
    );
    assert.deepEqual(changed.map(({ metadata }) => metadata.name).sort(), ['demo-transcoder', 'demo-video']);
  });
});

describe('a transcoder', () => {
  it('may finish the longest job before it stops, and has room for the largest upload', () => {
    const platform = buildPlatform({
      transcoder: { limits: { maxDurationSeconds: 60 } },
      limits: { uploadMegabytes: 100 },
    });
    const transcoder = workloadsOf(platform).find(({ metadata }) => metadata.name === 'demo-transcoder');
    assert.ok((transcoder?.spec.template.spec?.terminationGracePeriodSeconds ?? 0) >= 2 * (30 + 8 * 60) + 60);
    const work = transcoder?.spec.template.spec?.volumes?.find(({ name }) => name === 'work');
    assert.deepEqual(work, { name: 'work', emptyDir: { sizeLimit: '487Mi' } });
  });

  const transcoderOf = (platform: TiktokLite) =>
    workloadsOf(platform).find(({ metadata }) => metadata.name === 'demo-transcoder')?.spec.template.spec ??
    assert.fail();

  it('opens foreign files in a container that has nothing to lose', () => {
    const { initContainers: [ffmpeg] = [], containers: [worker] = [], ...pod } = transcoderOf(buildPlatform());
    assert.equal(ffmpeg?.envFrom, undefined);
    assert.deepEqual(
      ffmpeg?.env?.map(({ name }) => name),
      ['FFMPEG_SOCKET', 'FFMPEG_FOLDER'],
    );
    assert.deepEqual([ffmpeg?.securityContext?.runAsUser, pod.securityContext?.runAsUser], [10002, 10001]);
    assert.equal(pod.securityContext?.fsGroup, 10001);
    const folders = ffmpeg?.volumeMounts?.map(({ name }) => pod.volumes?.find((volume) => volume.name === name));
    for (const folder of folders ?? []) assert.ok(folder?.emptyDir?.sizeLimit);
    assert.match(ffmpeg?.image ?? '', /transcoder/);
    assert.match(worker?.image ?? '', /services/);
    assert.ok(worker?.envFrom);
  });

  it('has ffmpeg from before the worker starts until after it has stopped', () => {
    const { initContainers: [ffmpeg] = [] } = transcoderOf(buildPlatform());
    assert.equal(ffmpeg?.restartPolicy, 'Always');
    assert.ok(ffmpeg?.startupProbe && ffmpeg.livenessProbe);
  });

  it('gives the resources of the object to ffmpeg', () => {
    const resources = { requests: { cpu: '1' }, limits: { memory: '3Gi' } };
    const { initContainers: [ffmpeg] = [], containers: [worker] = [] } = transcoderOf(
      buildPlatform({ transcoder: { resources } }),
    );
    assert.deepEqual([ffmpeg?.resources?.requests?.cpu, ffmpeg?.resources?.limits?.memory], ['1', '3Gi']);
    assert.deepEqual([worker?.resources?.requests?.cpu, worker?.resources?.limits?.memory], ['30m', '320Mi']);
  });
});

describe('the resources of a component', () => {
  it('are those of the object, entry by entry', () => {
    const platform = buildPlatform({
      services: { auth: { resources: { limits: { memory: '1Gi' }, requests: { cpu: 1 } } } },
    });
    const [auth] = workloadsOf(platform).flatMap(containersOf);
    assert.equal(auth?.resources?.limits?.memory, '1Gi');
    assert.equal(auth?.resources?.limits?.cpu, '1');
    assert.equal(auth?.resources?.requests?.cpu, '1');
    assert.equal(auth?.resources?.requests?.memory, '96Mi');
  });
});

describe('the volume of an embedded server', () => {
  const claims = (deletionPolicy: 'Retain' | 'Delete') => {
    const platform = buildPlatform({ deletionPolicy });
    return embeddedServersOf(platform).map((wanted) => volumeClaimFor(platform, wanted));
  };

  it('belongs to nobody when data is retained', () => {
    for (const claim of claims('Retain')) assert.equal(claim.metadata.ownerReferences, undefined);
  });

  it('goes with the platform when data is deleted', () => {
    for (const claim of claims('Delete')) assert.equal(claim.metadata.ownerReferences?.length, 1);
  });

  it('is a folder of the pod where the object says ephemeral, as Redis does by default', () => {
    const volumeOf = (name: string, platform: TiktokLite) =>
      workloadsOf(platform).find(({ metadata }) => metadata.name === name)?.spec.template.spec?.volumes?.[0];
    assert.deepEqual(volumeOf('demo-redis', buildPlatform()), { name: 'data', emptyDir: { sizeLimit: '1Gi' } });
    assert.deepEqual(volumeOf('demo-mysql', buildPlatform()), {
      name: 'data',
      persistentVolumeClaim: { claimName: 'demo-mysql' },
    });
  });
});

describe('external servers', () => {
  it('have no pod', () => {
    const platform = buildPlatform({
      cache: { external: { host: 'redis.example.org', passwordSecretRef: { name: 'x' } } },
      kafka: { external: { brokers: ['k:9092'] } },
    });
    assert.deepEqual(
      embeddedServersOf(platform).map(({ server }) => server.name),
      ['mysql', 'object-store'],
    );
  });
});

describe('the migration Job', () => {
  it('has another name for another image or other settings', () => {
    const name = (hash: string, tag: string) =>
      jobFor(buildPlatform({ images: { tag } }), migration, hash, someImages).metadata.name;
    assert.equal(new Set([name('a', '1'), name('b', '1'), name('a', '2')]).size, 3);
    assert.equal(name('a', '1'), name('a', '1'));
  });
});
