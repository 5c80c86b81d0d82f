import assert from 'node:assert/strict';
import type { V1Deployment } from '@kubernetes/client-node';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { eventuallyHolds } from '../eventually.ts';
import type { ApiServer } from './api-server.ts';
import { isWrite } from './api-server-audit.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';
import { startToyOperator, type ToyOperator } from './api-server-toy-operator.ts';

describe('children, a whole operator against a real API server', function () {
  this.timeout(90_000);
  const { configMaps, deployments } = resources;
  let server: ApiServer;
  let user: Client;
  let operator: Client;
  let namespace: string;
  let toy: ToyOperator;

  const settingsKey = () => ({ namespace, name: 'parent-settings' });
  const workloadKey = () => ({ namespace, name: 'parent-web' });
  const writes = () =>
    server.requestsOf('operator').filter((request) => isWrite(request) && request.namespace === namespace);
  const askFor = (data: Record<string, string>) =>
    user.apply(
      configMaps,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace, name: 'parent', labels: { role: 'parent' } },
        data,
      },
      { fieldManager: 'user' },
    );
  const childrenAre = (image: string) =>
    eventuallyHolds(async () => {
      const child = await user.get(deployments, workloadKey());
      assert.equal(child.spec?.template.spec?.containers[0]?.image, image);
      assert.equal((await user.get(configMaps, settingsKey())).data?.image, image);
    });
  /** Until a pass has seen everything and had nothing to do. */
  const settled = async () => {
    let before = -1;
    await eventuallyHolds(() => {
      const now = writes().length;
      const isQuiet = now === before;
      before = now;
      assert.ok(isQuiet);
    });
  };

  before(async () => {
    server = await sharedApiServer();
    user = server.client;
    operator = createClient({ access: server.accessOf('operator') });
  });

  after(() => operator.close());

  beforeEach(async () => {
    namespace = await freshNamespace(user);
    toy = await startToyOperator(operator, namespace);
  });

  afterEach(async () => {
    await toy.stop();
    assert.deepEqual(toy.problems, []);
  });

  it('makes children, follows changes, and prunes what is no longer desired', async () => {
    await askFor({ image: 'one' });
    await childrenAre('one');
    await askFor({ image: 'two' });
    await childrenAre('two');
    await askFor({ image: 'two', web: 'no' });
    await eventuallyHolds(async () => assert.equal(await user.find(deployments, workloadKey()), undefined));
    await user.get(configMaps, settingsKey());
  });

  it('writes nothing in passes that find everything as it is desired', async () => {
    await askFor({ image: 'one' });
    await childrenAre('one');
    await settled();
    const [written, passed] = [writes().length, toy.passes()];
    for (let nudge = 0; nudge < 5; nudge += 1) {
      await user.patchMerge(
        configMaps,
        { namespace, name: 'parent' },
        { metadata: { annotations: { nudge: String(nudge) } } },
      );
      await eventuallyHolds(() => assert.ok(toy.passes() > passed + nudge));
    }
    assert.equal(written, 2);
    assert.deepEqual(writes().slice(written), []);
  });

  it('reverts a changed value, an addition by another manager, replicas, and a deletion', async () => {
    await askFor({ image: 'one' });
    await childrenAre('one');

    const set = { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'hacked' } as const;
    await user.patchJson(deployments, workloadKey(), [set], { fieldManager: 'kubectl-edit' });
    await childrenAre('one');

    const container = { name: 'web', env: [{ name: 'ADDED', value: 'by hand' }] };
    const addition = { spec: { template: { spec: { containers: [container], nodeSelector: { disk: 'ssd' } } } } };
    const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: workloadKey() };
    await user.apply(deployments, { ...identity, ...addition } as unknown as Manifest<V1Deployment>, {
      fieldManager: 'somebody',
    });
    await user.patchMerge(configMaps, settingsKey(), { data: { extra: 'by hand' } }, { fieldManager: 'kubectl-edit' });
    await eventuallyHolds(async () => {
      const { spec } = await user.get(deployments, workloadKey());
      assert.deepEqual(spec?.template.spec?.containers[0]?.env, [{ name: 'KNOWN', value: '1' }]);
      assert.equal(spec?.template.spec?.nodeSelector, undefined);
      assert.deepEqual((await user.get(configMaps, settingsKey())).data, { image: 'one' });
    });

    await user.scale(deployments, workloadKey(), 9, { fieldManager: 'kubectl' });
    await eventuallyHolds(async () => assert.equal((await user.get(deployments, workloadKey())).spec?.replicas, 2));

    await user.delete(deployments, workloadKey());
    await childrenAre('one');
    await settled();
    const written = writes().length;
    await askFor({ image: 'one', nudge: '1' });
    await eventuallyHolds(() => assert.equal(toy.parents.get({ namespace, name: 'parent' })?.data?.nudge, '1'));
    await settled();
    assert.deepEqual(writes().slice(written), []);
  });

  it('leaves the number of replicas to a scaler, without another number on the way', async () => {
    await askFor({ image: 'one' });
    await childrenAre('one');
    await askFor({ image: 'two', scaled: 'yes' });
    await childrenAre('two');
    assert.equal((await user.get(deployments, workloadKey())).spec?.replicas, 2);
    await user.scale(deployments, workloadKey(), 7, { fieldManager: 'scaler' });
    await settled();
    const { spec, metadata } = await user.get(deployments, workloadKey());
    assert.equal(spec?.replicas, 7);
    const holders = metadata.managedFields?.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas']);
    assert.deepEqual(
      holders?.map(({ manager, subresource }) => [manager, subresource]),
      [['scaler', 'scale']],
    );
  });

  it('leaves alone what others may set: labels, annotations, and a restart of the pods', async () => {
    await askFor({ image: 'one' });
    await childrenAre('one');
    await settled();
    const written = writes().length;
    const restartedAt = { 'kubectl.kubernetes.io/restartedAt': '2030-01-01T00:00:00Z' };
    const changes = {
      metadata: { labels: { team: 'theirs' }, annotations: { note: 'theirs' } },
      spec: { template: { metadata: { annotations: restartedAt } } },
    };
    await user.patchMerge(deployments, workloadKey(), changes, { fieldManager: 'kubectl-rollout' });
    await eventuallyHolds(() => assert.equal(toy.workloads.get(workloadKey())?.metadata.labels?.team, 'theirs'));
    await settled();
    assert.deepEqual(writes().slice(written), []);
    assert.deepEqual((await user.get(deployments, workloadKey())).spec?.template.metadata?.annotations, restartedAt);
  });
});
