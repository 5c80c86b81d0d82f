import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { CacheSettings } from '../../../test/backends/index.ts';
import { connectRedis, mastersOf, type Redis, untilReady } from '../redis/connect.ts';

export interface WaveCounter {
  /** A connection to Redis through the counter. */
  connect(): Redis;
  /** Waves since the last call: what was sent without waiting for an answer is one, to however many nodes. */
  take(): number;
  /** Cuts every connection and takes no more, as a Redis that is away. */
  close(): void;
}

interface Address {
  host: string;
  port: number;
}

/** Held back for so long, an answer cannot arrive before what belongs to the same wave was sent. */
const answerDelayMs = 15;

/** What a client says of itself, and asks about the cluster, on no request's behalf. */
const housekeeping = /^\*\d+\r\n\$\d+\r\n(auth|client|cluster|info)\r\n/i;

/** Stands between clients and each server of Redis, and counts in how many waves the clients ask. */
export async function countWaves(cache: CacheSettings): Promise<WaveCounter> {
  let answered = 0;
  let deepest = 0;
  const sockets = new Set<Socket>();
  const servers: Server[] = [];

  // What is sent after an answer may have needed it: it belongs to the wave after the one that was answered.
  const join = (client: Socket, target: Address) => {
    const upstream = connect(target);
    let asked = 0;
    client.on('data', (chunk) => {
      if (!housekeeping.test(chunk.toString('latin1'))) {
        asked = answered + 1;
        deepest = Math.max(deepest, asked);
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const wave = asked;
      setTimeout(() => {
        answered = Math.max(answered, wave);
        client.write(chunk);
      }, answerDelayMs);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  };

  const standBefore = async (target: Address): Promise<Address> => {
    const server = createServer((client) => join(client, target)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  };

  const nodes = await nodesOf(cache);
  const doors = new Map<string, Address>();
  for (const node of nodes) doors.set(nameOf(node), await standBefore(node));
  const seed = doors.get(nameOf({ host: cache.CACHE_HOST, port: cache.CACHE_PORT }));
  return {
    connect: () => connectRedis({ ...cache, CACHE_PORT: seed?.port ?? 0 }, { natMap: Object.fromEntries(doors) }),
    take: () => {
      const taken = deepest;
      [answered, deepest] = [0, 0];
      return taken;
    },
    close: () => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const nameOf = ({ host, port }: Address): string => `${host}:${port}`;

async function nodesOf(cache: CacheSettings): Promise<Address[]> {
  const redis = connectRedis(cache);
  await untilReady(redis);
  const nodes = mastersOf(redis).map(({ options: { host = '', port = 0 } }) => ({ host, port }));
  redis.disconnect();
  return nodes;
}
