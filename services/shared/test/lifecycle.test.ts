import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../test/backends/child-server.ts';
import { authEnvironment } from './auth-environment.ts';

const script = fileURLToPath(new URL('./example-process.ts', import.meta.url));

interface Answer {
  status: number;
  connection: string | undefined;
}

/** A process whose life is watched from outside, as Kubernetes and a client see it. */
async function startExample(mishap = '') {
  const [httpPort, healthPort] = [await freePort(), await freePort()];
  const env = { ...authEnvironment, HTTP_PORT: String(httpPort), HEALTH_PORT: String(healthPort) };
  const child = spawn(process.execPath, [script, mishap], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const exited = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const probe = async (path: string) => {
    try {
      const response = await fetch(`http://127.0.0.1:${healthPort}${path}`);
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: 0, text: '' };
    }
  };
  const agent = new Agent({ keepAlive: true });
  return {
    child,
    exited,
    probe,
    messages: () =>
      output
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).msg as string),
    ask: (path: string) =>
      new Promise<Answer>((resolve, reject) => {
        const asked = request({ port: httpPort, host: '127.0.0.1', path, agent }, (response) => {
          response.resume();
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
          );
        });
        asked.once('error', reject).end();
      }),
    untilReady: async () => {
      while ((await probe('/readyz')).status !== 200) await pause(20);
    },
  };
}

describe('life of a process', function () {
  this.timeout(20_000);

  it('is ready once it has started, and shows its metrics', async () => {
    const example = await startExample();
    await example.untilReady();
    assert.deepEqual(await example.probe('/healthz'), { status: 200, text: 'ok\n' });
    assert.equal((await example.ask('/x?ms=1')).status, 200);
    const { text } = await example.probe('/metrics');
    assert.match(text, /process_resident_memory_bytes\{component="auth"\} \d+/);
    assert.match(text, /http_request_duration_seconds_count/);
    example.child.kill('SIGTERM');
    await example.exited;
  });

  it('ends in order on SIGTERM: not ready, then no new connections, then its requests, then its own stop', async () => {
    const example = await startExample();
    await example.untilReady();
    await example.ask('/warm-up');
    const inHand = example.ask('/x?ms=700');
    await pause(50);
    example.child.kill('SIGTERM');
    await pause(100);
    assert.deepEqual(await example.probe('/readyz'), { status: 503, text: 'the process is draining\n' });
    assert.equal((await example.probe('/healthz')).status, 200);
    assert.deepEqual(
      await example.ask('/x?ms=0'),
      { status: 200, connection: 'close' },
      'still answered while load balancers turn away, for the last time on this connection',
    );
    await pause(350);
    await assert.rejects(example.ask('/x?ms=0'), 'accepts no more');
    assert.equal((await inHand).status, 200);
    assert.equal(await example.exited, 0);
    assert.deepEqual(example.messages().slice(-2), ['the own stop runs', 'stopped']);
  });

  it('closes connections that clients keep open, with the answer in hand', async () => {
    const example = await startExample();
    await example.untilReady();
    const inHand = example.ask('/x?ms=500');
    await pause(50);
    example.child.kill('SIGTERM');
    assert.equal((await inHand).connection, 'close');
    assert.equal(await example.exited, 0);
  });

  it('cuts requests that outlast the drain', async () => {
    const example = await startExample();
    await example.untilReady();
    const endless = assert.rejects(example.ask('/x?ms=50000'));
    await pause(50);
    example.child.kill('SIGTERM');
    await endless;
    assert.equal(await example.exited, 0);
  });

  it('does not wait for ever for its own stop', async () => {
    const example = await startExample('stop-hangs');
    await example.untilReady();
    example.child.kill('SIGTERM');
    assert.equal(await example.exited, 1);
    assert.match(example.messages().at(-1) ?? '', /did not stop within 500 ms/);
  });

  it('ends at once on a second signal', async () => {
    const example = await startExample('stop-hangs');
    await example.untilReady();
    example.child.kill('SIGTERM');
    await pause(50);
    example.child.kill('SIGTERM');
    assert.equal(await example.exited, 1);
  });

  it('ends at once and well when it is stopped while it starts', async () => {
    const example = await startExample('start-hangs');
    while ((await example.probe('/readyz')).status !== 503) await pause(20);
    assert.equal((await example.probe('/readyz')).text, 'the process is starting\n');
    example.child.kill('SIGTERM');
    assert.equal(await example.exited, 0);
  });

  it('says in one line why it does not start', async () => {
    const example = await startExample('start-fails');
    assert.equal(await example.exited, 1);
    assert.deepEqual(example.messages(), ['the process ends: the key ring is broken']);
  });

  it('is alive but not ready while a dependency is away', async () => {
    const example = await startExample('dependency-away');
    while ((await example.probe('/healthz')).status !== 200) await pause(20);
    while ((await example.probe('/readyz')).text === 'the process is starting\n') await pause(20);
    assert.deepEqual(await example.probe('/readyz'), { status: 503, text: 'a dependency cannot be reached\n' });
    example.child.kill('SIGKILL');
  });

  it('ends with a line in the log when a rejection is handled by nobody', async () => {
    const example = await startExample('rejection');
    assert.equal(await example.exited, 1);
    assert.match(example.messages().at(-1) ?? '', /an error that nobody handles/);
  });
});
