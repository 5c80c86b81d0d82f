import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigAccess } from './kubeconfig.ts';

describe('access by a kubeconfig', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  });

  after(() => rm(directory, { recursive: true }));

  const write = async (user: object, cluster: object = {}, context: object = { cluster: 'c', user: 'u' }) => {
    const path = join(directory, 'config');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443/prefix', ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context }],
      'current-context': 'x',
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  };
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it('uses certificates', async () => {
    const path = await write(
      { 'client-certificate-data': base64('certificate'), 'client-key-data': base64('key') },
      { 'certificate-authority-data': base64('authority'), 'tls-server-name': 'kubernetes' },
    );
    const { server, credentials } = await kubeconfigAccess(path);
    const { tls, headers } = await credentials();
    assert.equal(server.href, 'https://127.0.0.1:6443/prefix');
    assert.deepEqual(
      [String(tls.ca), String(tls.cert), String(tls.key), tls.servername],
      ['authority', 'certificate', 'key', 'kubernetes'],
    );
    assert.deepEqual(headers, {});
  });

  it('uses a token, or a name and a password', async () => {
    const byToken = await kubeconfigAccess(await write({ token: 'a token' }));
    assert.deepEqual((await byToken.credentials()).headers, { authorization: 'Bearer a token' });
    const byName = await kubeconfigAccess(await write({ username: 'me', password: 'pass' }));
    assert.deepEqual((await byName.credentials()).headers, { authorization: `Basic ${base64('me:pass')}` });
  });

  it('runs an exec plug-in', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'made' },
    };
    const exec = {
      apiVersion: credential.apiVersion,
      command: 'echo',
      args: [JSON.stringify(credential)],
      interactiveMode: 'Never',
    };
    const { credentials } = await kubeconfigAccess(await write({ exec }));
    assert.deepEqual((await credentials()).headers, { authorization: 'Bearer made' });
  });

  it('says what is wrong with a file that cannot be used', async () => {
    await assert.rejects(kubeconfigAccess(join(directory, 'missing')), /cannot read the kubeconfig .*missing/);
    await assert.rejects(
      kubeconfigAccess(await write({}, {}, { cluster: 'other', user: 'u' })),
      /no current context with a cluster/,
    );
    await assert.rejects(
      kubeconfigAccess(await write({}, { 'proxy-url': 'http://127.0.0.1:3128' })),
      /proxy-url is not supported/,
    );
  });
});
