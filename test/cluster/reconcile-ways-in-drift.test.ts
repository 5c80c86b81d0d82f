import { eventually } from '../eventually.ts';
import { sharedApiServer } from './api-server-shared.ts';
import { createTimes, deleteByHand, editByHand } from './drift/by-hand.ts';
import { kindsOfSomePlatforms } from './drift/kinds.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

describe('a child that only some platforms have', function () {
  this.timeout(120_000);

  let cluster: OperatedCluster;
  const times = createTimes();
  before(async () => {
    const { client } = await sharedApiServer();
    for (const { install } of kindsOfSomePlatforms) await install?.(client);
    cluster = await operatedCluster();
    await cluster.run(true);
  });
  after(async () => {
    await cluster?.stop();
    times.print();
  });

  for (const { resource, change, spec } of kindsOfSomePlatforms) {
    it(`is back when somebody edits or deletes it: ${resource.kind}`, async () => {
      await cluster.apply(typeof spec === 'function' ? await spec(cluster) : spec, resource.plural);
      await eventually(`the ${resource.kind} is there`, async () => (await cluster.list(resource)).length > 0);
      await editByHand(cluster, { resource, change }, times);
      await deleteByHand(cluster, { resource, change }, times);
    });
  }
});
