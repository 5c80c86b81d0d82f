import assert from 'node:assert/strict';
import { tiktokLites } from '../../operator/mirrors.ts';
import { operatedCluster } from './reconcile-fixture.ts';

describe('operators that share a cluster', function () {
  this.timeout(90_000);

  it('each take the platforms of their class', async () => {
    const cluster = await operatedCluster({ operatorClass: 'blue' });
    await cluster.run(true);
    await cluster.apply({}, 'unlabelled');
    await cluster.apply({}, 'labelled', { 'tiktoklite.dev/operator-class': 'blue' });
    await cluster.ready('labelled');
    assert.equal((await cluster.platform('unlabelled')).status, undefined);
    await cluster.client.delete(tiktokLites, { namespace: cluster.namespace, name: 'unlabelled' });
    await cluster.stop();
  });
});
