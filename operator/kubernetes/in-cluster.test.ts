import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inClusterAccess } from './in-cluster.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

describe('access of a pod', () => {
  let directory: string;
  let clock: ManualClock;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mounted-'));
    clock = createManualClock();
    await write('ca.crt', 'authority 1');
    await write('token', 'token 1\n');
  });

  afterEach(() => rm(directory, { recursive: true }));

  const write = (file: string, text: string) => writeFile(join(directory, file), text);
  const build = (host = '10.0.0.1') => inClusterAccess({ host, port: '443', directory, clock });

  it('finds the server by the environment, whichever the address family', () => {
    assert.equal(build().server.origin, 'https://10.0.0.1');
    assert.equal(inClusterAccess({ host: 'fd00::1', port: '6443' }).server.origin, 'https://[fd00::1]:6443');
  });

  it('reads certificate and token, and notices within a minute that the token was rotated', async () => {
    const access = build();
    const first = await access.credentials();
    assert.deepEqual(first, { tls: { ca: 'authority 1' }, headers: { authorization: 'Bearer token 1' } });
    await write('token', 'token 2');
    assert.equal((await access.credentials()).headers.authorization, 'Bearer token 1');
    await clock.advance(60_000);
    const second = await access.credentials();
    assert.equal(second.headers.authorization, 'Bearer token 2');
    assert.equal(second.tls, first.tls, 'connections are kept while the certificate is the same');
  });

  it('reads at once when the server has refused the old token', async () => {
    const access = build();
    await access.credentials();
    await write('token', 'token 2');
    assert.equal((await access.credentials({ refresh: true })).headers.authorization, 'Bearer token 2');
  });

  it('asks for new connections when the certificate authority has changed', async () => {
    const access = build();
    const first = await access.credentials();
    await write('ca.crt', 'authority 2');
    await clock.advance(60_000);
    const second = await access.credentials();
    assert.notEqual(second.tls, first.tls);
    assert.equal(second.tls.ca, 'authority 2');
  });

  it('keeps what it knows while the files cannot be read', async () => {
    const access = build();
    await access.credentials();
    await rm(join(directory, 'token'));
    await clock.advance(60_000);
    assert.equal((await access.credentials()).headers.authorization, 'Bearer token 1');
  });

  it('says what to do when there is no token at all', async () => {
    await rm(join(directory, 'token'));
    await assert.rejects(build().credentials(), /automountServiceAccountToken; outside a cluster, give a kubeconfig/);
  });
});
