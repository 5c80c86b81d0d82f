import assert from 'node:assert/strict';
import { resources } from '../../operator/kubernetes/resources.ts';
import { eventually } from '../eventually.ts';
import { nameWithoutPlatform, type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

describe('the migration of a rollout', function () {
  this.timeout(90_000);

  let cluster: OperatedCluster;
  beforeEach(async () => {
    cluster = await operatedCluster();
  });
  afterEach(() => cluster.stop());

  it('goes on with the old version while the migration of the new one has not succeeded', async () => {
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    await cluster.run(false);
    await cluster.apply({ images: { tag: 'next' } });
    const job = await eventually('the Job of the new version is there', async () =>
      (await cluster.list(resources.jobs)).find(({ spec }) =>
        spec?.template.spec?.containers[0]?.image?.endsWith(':next'),
      ),
    );
    const now = new Date().toISOString().replace(/\.\d+Z/, 'Z');
    await cluster.client.create(resources.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ name: 'demo-migrate-failed', namespace: cluster.namespace },
        labels: {
          'app.kubernetes.io/managed-by': 'tiktok-lite-operator',
          'app.kubernetes.io/instance': 'demo',
          'app.kubernetes.io/component': 'migrate',
        },
      },
      spec: { containers: [{ name: 'migrate', image: 'services' }] },
    });
    const said = `${JSON.stringify({ msg: 'the process ends: a downgrade' })}\n`;
    const terminated = { exitCode: 1, finishedAt: now, startedAt: now, message: said };
    const containerStatuses = [
      { name: 'migrate', image: 'services', imageID: '', ready: false, restartCount: 0, state: { terminated } },
    ];
    const podStatus = { phase: 'Failed', containerStatuses };
    await cluster.client.patchMerge(
      resources.pods,
      { namespace: cluster.namespace, name: 'demo-migrate-failed' },
      { status: podStatus },
      { subresource: 'status' },
    );
    const failed = ['FailureTarget', 'Failed'].map((type) => ({
      type,
      status: 'True',
      reason: 'BackoffLimitExceeded',
      lastTransitionTime: now,
    }));
    const status = { startTime: now, failed: 11, conditions: failed };
    await cluster.client.patchMerge(resources.jobs, job.metadata, { status }, { subresource: 'status' });
    const condition = await eventually('the failure is told', async () => {
      const migrated = await cluster.condition('Migrated');
      return migrated?.reason === 'MigrationFailed' ? migrated : undefined;
    });
    assert.match(condition.message, /failed 11 times and gave up: a downgrade; delete the Job to try again/);
    assert.equal((await cluster.condition('Stalled'))?.status, 'True');
    const auth = await cluster.find(resources.deployments, 'demo-auth');
    assert.match(auth?.spec?.template.spec?.containers[0]?.image ?? '', /:1\.2\.3$/);
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    const jobs = (await cluster.list(resources.jobs)).map(nameWithoutPlatform);
    assert.equal(jobs.filter((name) => name.startsWith('migrate-')).length, 1, 'the Job of the other version is gone');
  });

  it('migrates again when a database that keeps its data in its pod has lost it', async () => {
    const startDatabase = (name: string) =>
      cluster.client.create(resources.pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace: cluster.namespace,
          labels: {
            'app.kubernetes.io/managed-by': 'tiktok-lite-operator',
            'app.kubernetes.io/instance': 'demo',
            'app.kubernetes.io/component': 'mysql',
          },
        },
        spec: { containers: [{ name: 'mysql', image: 'mysql' }] },
      });
    const jobs = async () =>
      (await cluster.list(resources.jobs)).map(nameWithoutPlatform).filter((name) => name.startsWith('migrate-'));
    await startDatabase('demo-mysql-0');
    await cluster.run(true);
    await cluster.apply({ database: { embedded: { storage: { ephemeral: true } } } });
    await cluster.ready();
    const before = await jobs();
    await cluster.client.delete(resources.pods, { namespace: cluster.namespace, name: 'demo-mysql-0' });
    await startDatabase('demo-mysql-again');
    await cluster.nudge();
    await eventually('another Job has run and the old one is gone', async () => {
      const after = await jobs();
      return after.length === 1 && after[0] !== before[0];
    });
    await cluster.ready();
  });
});
