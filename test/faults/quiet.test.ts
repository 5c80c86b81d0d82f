import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../operator/kubernetes/client.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import type { ApiServer } from '../cluster/api-server.ts';
import { isWrite } from '../cluster/api-server-audit.ts';
import { freshNamespace, sharedApiServer } from '../cluster/api-server-shared.ts';
import { startToyOperator } from '../cluster/api-server-toy-operator.ts';
import { eventuallyHolds } from '../eventually.ts';
import { audit } from './auditor.ts';
import { quietSeconds } from './form.ts';
import { startFaultProxy } from './proxy.ts';

const parents = 300;

/** In a few seconds the compiler and the collector still clean up after the start. */
const isLong = quietSeconds >= 60;

describe(`an operator with nothing to do (${quietSeconds} s)`, function () {
  this.timeout(180_000 + quietSeconds * 1000);
  const { configMaps } = resources;
  const user = 'behind-the-quiet-proxy';
  let server: ApiServer;

  before(async () => {
    server = await sharedApiServer();
  });

  it('writes nothing, lists nothing, and takes next to no time', async () => {
    const namespace = await freshNamespace(server.client);
    const proxy = await startFaultProxy(server.accessOf(user));
    const client = createClient({ access: proxy.access });
    const toy = await startToyOperator(client, namespace);
    for (let count = 1; count <= parents; count += 1) {
      const metadata = { namespace, name: `parent-${count}`, labels: { role: 'parent' } };
      await server.client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { image: 'one' } });
    }
    await eventuallyHolds(async () => {
      assert.deepEqual(await audit(server.client, namespace, toy), { missed: [], phantom: [], unreconciled: [] });
    }, 120);

    const before = server.requestsOf(user).length;
    const cpu = process.cpuUsage();
    await pause(quietSeconds * 1000);
    const { user: userMicros, system } = process.cpuUsage(cpu);
    const percent = (userMicros + system) / quietSeconds / 10_000;
    const requests = server.requestsOf(user).slice(before);
    console.log(`      ${parents} objects at rest for ${quietSeconds} s: ${percent.toFixed(2)} % of a core`);

    if (isLong) assert.ok(percent <= 1, `${percent} % of a core`);
    assert.deepEqual(requests.filter(isWrite), []);
    assert.deepEqual(
      requests.filter(({ verb }) => verb === 'list'),
      [],
    );
    await toy.stop();
    await client.close();
    await proxy.stop();
  });

  it('uses one connection for a thousand calls in a row', async () => {
    const proxy = await startFaultProxy(server.accessOf(user));
    const client = createClient({ access: proxy.access });
    for (let count = 0; count < 1_000; count += 1) await client.get(resources.namespaces, { name: 'default' });
    assert.ok(proxy.connections() <= 2, `${proxy.connections()} connections`);
    await client.close();
    await proxy.stop();
  });
});
