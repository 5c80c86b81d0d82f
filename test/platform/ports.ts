import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which the kernel takes ports of outgoing connections: a process that is started again finds its port free. */
const [lowest, above] = [12_000, 32_000] as const;
const taken = new Set<number>();

/** A port that a process can listen on now, and on which it can listen again after it was killed. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, above);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
