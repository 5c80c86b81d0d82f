import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface RoundTripCounter {
  port: number;
  /** Waves since the last call: everything that was sent before waiting for an answer is one. */
  take(): number;
  close(): void;
}

/** Held back for so long, an answer cannot arrive before what belongs to the same wave was sent. */
const answerDelayMs = 15;

/** Stands between a client and a server and counts in how many waves the client asks. */
export async function countRoundTrips(target: { host: string; port: number }): Promise<RoundTripCounter> {
  let waves = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    let isAnswered = true;
    client.on('data', (chunk) => {
      if (isAnswered) waves += 1;
      isAnswered = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) =>
      setTimeout(() => {
        isAnswered = true;
        client.write(chunk);
      }, answerDelayMs),
    );
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = waves;
      waves = 0;
      return taken;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
