import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import type { KubernetesObject } from './kubectl.ts';
import { isReady, sharedPlatform } from './platform.ts';

interface DeploymentView {
  replicas: number;
  image: string;
}

const viewOf = (deployment: KubernetesObject): DeploymentView => {
  const spec = deployment.spec as { replicas: number; template: { spec: { containers: { image: string }[] } } };
  return { replicas: spec.replicas, image: spec.template.spec.containers[0]?.image ?? '' };
};

describe('editing the platform', function () {
  this.timeout(240_000);

  const patch = async (spec: object): Promise<void> => {
    const { kubectl, name } = await sharedPlatform();
    await kubectl('patch', 'tiktoklite', name, '--type=merge', '-p', JSON.stringify({ spec }));
  };
  const settled = async (): Promise<void> => {
    const { kubectl, name } = await sharedPlatform();
    await eventually(
      'Ready for the newest generation',
      async () => isReady(await kubectl.get('tiktoklite', name)),
      120,
    );
  };

  it('reverts a child edited by hand', async () => {
    const { kubectl, name } = await sharedPlatform();
    const before = viewOf(await kubectl.get('deployment', `${name}-video`));
    await kubectl('scale', 'deployment', `${name}-video`, '--replicas=3');
    await kubectl('set', 'env', `deployment/${name}-video`, 'EXTRA=by-hand');
    await eventually(
      'the hand edit reverted',
      async () => {
        const deployment = await kubectl.get('deployment', `${name}-video`);
        return viewOf(deployment).replicas === before.replicas && !JSON.stringify(deployment.spec).includes('by-hand');
      },
      60,
    );
    await settled();
  });

  it('rolls out a changed number of transcoders', async () => {
    const { kubectl, name } = await sharedPlatform();
    await patch({ transcoder: { replicas: 2 } });
    await eventually(
      'two transcoders',
      async () => {
        const { readyReplicas } = (await kubectl.get('deployment', `${name}-transcoder`)).status as {
          readyReplicas?: number;
        };
        return readyReplicas === 2;
      },
      90,
    );
    await patch({ transcoder: { replicas: 1 } });
    await eventually(
      'one transcoder',
      async () => {
        return viewOf(await kubectl.get('deployment', `${name}-transcoder`)).replicas === 1;
      },
      90,
    );
    await settled();
  });

  it('rolls exactly the component that reads a changed setting', async () => {
    const { kubectl, name } = await sharedPlatform();
    const generations = async (): Promise<Record<string, number>> => {
      const deployments = await kubectl.list('deployment', '-l', `app.kubernetes.io/instance=${name}`);
      return Object.fromEntries(deployments.map(({ metadata }) => [metadata.name, metadata.generation]));
    };
    const before = await generations();
    await patch({ feed: { pageSize: 7 } });
    await eventually(
      'the video service rolled',
      async () => {
        return (await generations())[`${name}-video`] !== before[`${name}-video`];
      },
      60,
    );
    await settled();
    const changed = Object.entries(await generations()).filter(
      ([deployment, generation]) => before[deployment] !== generation,
    );
    assert.deepEqual(
      changed.map(([deployment]) => deployment),
      [`${name}-video`],
    );
    await patch({ feed: { pageSize: null } });
    await settled();
  });

  it('rolls out a changed image named in the object and says what is wrong with one that cannot be pulled', async () => {
    const { kubectl, name } = await sharedPlatform();
    const before = viewOf(await kubectl.get('deployment', `${name}-auth`));
    await patch({ images: { tag: 'no-such-tag' } });
    await eventually(
      'the new image in the children',
      async () => {
        const job = await kubectl('get', 'jobs', '-o', 'jsonpath={.items[*].spec.template.spec.containers[0].image}');
        return job.includes('no-such-tag');
      },
      60,
    );
    assert.equal(
      viewOf(await kubectl.get('deployment', `${name}-auth`)).image,
      before.image,
      'the old version goes on serving',
    );
    await patch({ images: { tag: null } });
    await settled();
  });

  for (const [what, spec, sentence] of [
    [
      'embedded and external',
      { database: { embedded: {}, external: { host: 'db', database: 'x', credentialsSecretRef: { name: 'y' } } } },
      /embedded|external/,
    ],
    ['negative replicas', { services: { auth: { replicas: -1 } } }, /replicas/],
    ['an unknown field', { sevices: {} }, /sevices/],
  ] as const) {
    it(`refuses ${what} with a sentence`, async () => {
      const { kubectl } = await sharedPlatform();
      const object = { apiVersion: 'tiktoklite.dev/v1alpha1', kind: 'TiktokLite', metadata: { name: 'bad' }, spec };
      await assert.rejects(kubectl.apply(object), sentence);
    });
  }

  it('tells its story in kubectl describe and get', async () => {
    const { kubectl, name } = await sharedPlatform();
    assert.match(await kubectl('get', 'tiktoklite', name), /READY.*URL.*\n.*True/s);
    const story = await kubectl('describe', 'tiktoklite', name);
    for (const word of ['Ready', 'Migrated', 'TopicsReady', 'Events']) assert.match(story, new RegExp(word));
  });
});
