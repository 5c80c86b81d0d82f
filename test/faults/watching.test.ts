import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import type { ApiServer } from '../cluster/api-server.ts';
import { freshNamespace, sharedApiServer } from '../cluster/api-server-shared.ts';
import { startToyOperator, type ToyOperator } from '../cluster/api-server-toy-operator.ts';
import { eventuallyHolds } from '../eventually.ts';
import { audit } from './auditor.ts';
import { type Churn, createChurn } from './churn.ts';
import { callFaults, listFaults, watchFaults } from './fault-classes.ts';
import { rounds, seed } from './form.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './proxy.ts';
import { seededRandom } from './random.ts';

/** Short, so that a round takes seconds; the same shape as the default. */
const backoff = { firstMs: 200, longestMs: 2_000, factor: 2, jitter: 1 };

describe(`an operator behind an API server that misbehaves (SEED=${seed}, ${rounds} rounds of each)`, function () {
  this.timeout(rounds * 120_000);
  let server: ApiServer;
  let proxy: FaultProxy;
  let client: Client;
  let toy: ToyOperator;
  let namespace: string;

  before(async () => {
    server = await sharedApiServer();
  });

  const start = async () => {
    namespace = await freshNamespace(server.client);
    proxy = await startFaultProxy(server.accessOf('behind-the-proxy'));
    client = createClient({ access: proxy.access });
    toy = await startToyOperator(client, namespace, { backoff, silenceSeconds: 3 });
  };

  const stop = async () => {
    proxy.calm();
    await toy.stop();
    await client.close();
    await proxy.stop();
  };

  for (const fault of [...watchFaults, ...listFaults, ...callFaults]) {
    it(`finds everything again after ${fault.name}`, async () => {
      const random = seededRandom(`${seed} ${fault.name}`);
      for (let round = 1; round <= rounds; round += 1) {
        await start(); // afresh, because an operator that has seen failures waits longer after the next one
        try {
          await spoil(fault, createChurn({ client: server.client, namespace, random }));
          assertPausesBetweenWatches(proxy);
        } finally {
          await stop();
        }
      }
    });
  }

  /** The churn goes on until the fault was applied, so that no round proves nothing. */
  async function spoil(fault: Fault, churn: Churn): Promise<void> {
    await churn.settle();
    await eventuallyHolds(() => assertSound(churn));
    proxy.begin(fault, 2);
    for (let step = 0; step < 6; step += 1) await churn.step();
    await churn.settle();
    await eventuallyHolds(async () => {
      await churn.step();
      await pause(100);
      assert.ok(proxy.applied() > 0, `${fault.name} was not applied`);
    });
    proxy.calm();
    await eventuallyHolds(() => assertSound(churn), 60);
  }

  async function assertSound(churn: Churn): Promise<void> {
    await churn.collectGarbage();
    assert.deepEqual(await audit(server.client, namespace, toy), { missed: [], phantom: [], unreconciled: [] });
  }
});

/** After a watch that broke the client waits, and then it does come back. */
function assertPausesBetweenWatches(proxy: FaultProxy): void {
  const mostMs = backoff.longestMs * (1 + backoff.jitter) + 5_000;
  for (const [url, entries] of Map.groupBy(proxy.watchLog(), ({ url }) => url)) {
    const asked = entries.filter(({ event }) => event === 'asked').map(({ atMs }) => atMs);
    const broken = entries.filter(({ event }) => event === 'broken').map(({ atMs }) => atMs);
    asked.slice(1).forEach((atMs, index) => {
      const sinceMs = atMs - (broken[index] ?? atMs);
      assert.ok(sinceMs < mostMs, `${url} was left alone for ${Math.round(sinceMs)} ms`);
    });
    const spanMs = (asked.at(-1) ?? 0) - (asked[0] ?? 0);
    assert.ok(asked.length <= 2 + spanMs / backoff.firstMs, `${url} was asked for ${asked.length} times`);
  }
}
