import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { type Ask, keepAsking } from './kept-connections.ts';
import { type GatewayPod, startGatewayPod, startService } from './rolled-gateway.ts';

/** `make test-gateway` asks 20,000. */
const wanted = Number(process.env.GATEWAY_REQUESTS ?? 4_000);
const rollouts = 4;
const clients = 16;

/** What the API behind it tells of a request that reached it: method, path with its query, and the size of the body. */
const asks: Ask[] = [
  {
    method: 'GET',
    path: '/douyin/feed/?latest_time=1',
    isRight: (text) => text === 'GET /douyin/feed/?latest_time=1 0',
  },
  {
    method: 'POST',
    path: '/douyin/favorite/action/?video_id=7',
    body: 'hello',
    isRight: (text) => text === 'POST /douyin/favorite/action/?video_id=7 5',
  },
];

describe('a rollout of the gateway', function () {
  this.timeout(300_000);

  let folder: string;
  let api: Server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tkl-rollout-'));
    api = createServer((asked, response) => {
      let size = 0;
      asked.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      asked.once('end', () => response.end(`${asked.method} ${asked.url} ${size}`));
    });
    await once(api.listen(0, '127.0.0.1'), 'listening');
  });
  after(() => {
    api.closeAllConnections();
    api.close();
    rmSync(folder, { recursive: true });
  });

  it(`fails none of ${wanted} requests on connections that are kept`, async () => {
    const address = `127.0.0.1:${(api.address() as { port: number }).port}`;
    let pod: GatewayPod = await startGatewayPod(join(folder, '0'), address);
    const service = await startService(pod.port);
    const { tally, stop } = keepAsking(`http://127.0.0.1:${service.port}`, { asks, clients });
    for (let rollout = 1; rollout <= rollouts; rollout += 1) {
      const share = (wanted * rollout) / (rollouts + 1);
      await eventually(`${share} answers`, () => tally.answered >= share, 120);
      if (rollout === 1) assert.equal(tally.connections, clients, 'a connection of each client, which is kept');
      const next = await startGatewayPod(join(folder, String(rollout)), address);
      const old = pod;
      old.leave();
      assert.equal(await old.readiness(), 503);
      // Nodes hear of it a moment later: until then connections still come.
      const before = tally.answered;
      await eventually('some more answers', () => tally.answered >= before + 200);
      service.lead(next.port);
      await eventually('every client has moved', () => service.connectionsTo(old.port) === 0);
      assert.equal(await old.quit(), 0);
      pod = next;
    }
    await eventually(`${wanted} answers`, () => tally.answered >= wanted, 120);
    await stop();
    service.close();
    assert.equal(await pod.quit(), 0);
    assert.deepEqual(tally.failures.slice(0, 5), []);
  });
});
