import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { resources } from '../../operator/kubernetes/resources.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { freePort } from '../backends/child-server.ts';
import { eventually } from '../eventually.ts';
import type { ApiServer } from './api-server.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';
import { installDefinition, platformManifest } from './reconcile-fixture.ts';

const entryPoint = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));

describe('the operator as a process', function () {
  this.timeout(90_000);

  let api: ApiServer;
  let namespace: string;
  let healthPort: number;
  const started: ChildProcess[] = [];
  before(async () => {
    api = await sharedApiServer();
    await installDefinition(api.client);
    namespace = await freshNamespace(api.client);
    healthPort = await freePort();
  });
  after(() => {
    for (const child of started) child.kill('SIGKILL');
  });

  const start = (more: Record<string, string> = {}) => {
    const env = {
      PATH: process.env.PATH ?? '',
      KUBECONFIG: api.kubeconfigPath,
      OPERATOR_NAME: 'one',
      OPERATOR_CLASS: namespace,
      POD_NAME: 'one-1',
      POD_NAMESPACE: namespace,
      HEALTH_PORT: String(healthPort),
      ...more,
    };
    const child = spawn(process.execPath, [entryPoint], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    let log = '';
    child.stdout?.on('data', (chunk) => {
      log += chunk;
    });
    return { child, log: () => log, ended: once(child, 'exit') as Promise<[number | null]> };
  };
  const answer = async (path: string) => fetch(`http://127.0.0.1:${healthPort}${path}`);
  const lease = () => api.client.get(resources.leases, { namespace, name: 'one' });

  it('watches every namespace, leads, works, and lets go when it is told to stop', async () => {
    const operator = start();
    await eventually('it is ready', async () => (await answer('/readyz')).ok, 30);
    assert.equal((await answer('/healthz')).status, 200);

    const elsewhere = await freshNamespace(api.client);
    const labels = { 'tiktoklite.dev/operator-class': namespace };
    await api.client.create(tiktokLites, platformManifest(elsewhere, {}, 'demo', labels));
    await eventually('it works', async () => {
      const { status } = await api.client.get(tiktokLites, { namespace: elsewhere, name: 'demo' });
      return status?.conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'ServersStarting');
    });
    const secret = await api.client.get(resources.secrets, { namespace: elsewhere, name: 'demo-cache' });
    assert.match(Buffer.from(secret.data?.password ?? '', 'base64').toString(), /^[0-9a-f]{48}$/);
    assert.match((await lease()).spec?.holderIdentity ?? '', /^one-1_/);
    const metrics = await (await answer('/metrics')).text();
    assert.match(metrics, /controller_runtime_reconcile_total\{controller="tiktoklites",result="/);
    assert.match(metrics, /leader_election_master_status\{name="one"\} 1/);

    operator.child.kill('SIGTERM');
    assert.deepEqual((await operator.ended)[0], 0);
    assert.equal((await lease()).spec?.holderIdentity ?? '', '', 'another one can lead at once');
    for (const line of operator.log().trim().split('\n')) assert.ok(JSON.parse(line).msg, 'the log is lines of JSON');
  });

  it('does not start with a wrong environment, and names every mistake', async () => {
    const operator = start({ LOG_LEVEL: 'loud', OPERATOR_CLASS: '-' });
    assert.deepEqual((await operator.ended)[0], 1);
    assert.match(operator.log(), /LOG_LEVEL must be one of.*OPERATOR_CLASS must be a label value/);
  });
});
