import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A server that ends every connection at once, and counts them by the address that was asked for. */
export interface CountingListener {
  port: number;
  /** Connections so far, by local address. */
  counts: () => Map<string, number>;
  stop: () => Promise<void>;
}

/** Listens on every address of the loopback network, so that each can stand for a server of its own. */
export async function startCountingListener(): Promise<CountingListener> {
  const counts = new Map<string, number>();
  const server = createServer((socket) => {
    const { localAddress = '' } = socket;
    counts.set(localAddress, (counts.get(localAddress) ?? 0) + 1);
    socket.on('error', () => undefined);
    socket.resetAndDestroy();
  });
  await once(server.listen(0, '0.0.0.0'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => new Map(counts),
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
