import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { fixedAccess } from './access.ts';
import { createClient } from './client.ts';
import { ConnectionError } from './errors.ts';
import { resources } from './resources.ts';
import { createManualClock } from './testing/manual-clock.ts';

describe('transport', () => {
  let server: Server;
  const sockets: Socket[] = [];

  before(async () => {
    server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('gives up on a server that takes a connection and never greets, and knows that nothing was sent', async () => {
    const clock = createManualClock();
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const client = createClient({ access: fixedAccess(url, { tls: {}, headers: {} }), clock });
    let failure: unknown;
    const call = client
      .get(resources.namespaces, { name: 'default' }, { retry: false, deadlineSeconds: 60 })
      .catch((error: unknown) => {
        failure = error;
      });
    while (!failure) await clock.advance(500);
    await call;
    assert.ok(failure instanceof ConnectionError);
    assert.match(failure.message, /no connection within 10 s/);
    assert.ok(failure.unsent);
    assert.equal(clock.pendingTimers(), 0);
    await client.close();
  });
});
