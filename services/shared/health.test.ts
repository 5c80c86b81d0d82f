import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createHealth, serveHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

describe('what a process tells of itself', () => {
  it('is asked for on a path of its own: JSON, nothing, or that it cannot be known now', async () => {
    const health = createHealth();
    let tell = async (): Promise<object | undefined> => ({ idle: true });
    health.report('/state', () => tell());
    const server = await serveHealth({ port: 0, health, metrics: createMetrics('video') });
    const { port } = server.address() as AddressInfo;
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return [response.status, await response.text()];
    };
    assert.deepEqual(await ask('/state'), [200, '{"idle":true}']);
    tell = async () => undefined;
    assert.deepEqual(await ask('/state'), [204, '']);
    tell = () => Promise.reject(new Error('away'));
    assert.deepEqual(await ask('/state'), [503, 'what it is about cannot be asked now\n']);
    assert.equal((await ask('/other'))[0], 404);
    server.closeAllConnections();
    server.close();
  });
});
