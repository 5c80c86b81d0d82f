import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './child-server.ts';
import { newPassword, type RedisServer, startRedisProcess } from './redis.ts';

type Master = Awaited<ReturnType<typeof startMaster>>;

const slots = 16_384;

/** A real Redis Cluster: three masters that share the slots. */
export async function startRedisCluster(): Promise<RedisServer> {
  const password = newPassword();
  const first = await startMaster(password);
  const masters = [first, await startMaster(password), await startMaster(password)];
  await joinTogether(masters);
  return {
    ...first,
    mode: 'cluster',
    pids: masters.map(({ pid }) => pid),
    stop: async () => {
      await Promise.all(masters.map((master) => master.stop()));
    },
  };
}

async function startMaster(password: string) {
  const busPort = await freePort(); // the usual one, 10,000 above the port, may be no port
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '5000'];
  return { ...(await startRedisProcess(password, args)), busPort };
}

async function joinTogether(masters: readonly Master[]): Promise<void> {
  const clients = masters.map(({ host, port, password }) => new Redis({ host, port, password }));
  const bounds = Array.from({ length: masters.length + 1 }, (_, index) => Math.floor((index * slots) / masters.length));
  try {
    for (const [index, client] of clients.entries()) {
      await client.cluster('ADDSLOTSRANGE', bounds[index] ?? 0, (bounds[index + 1] ?? slots) - 1);
      for (const { host, port, busPort } of masters) await client.cluster('MEET', host, port, busPort);
    }
    while (!(await Promise.all(clients.map(knowsAll))).every(Boolean)) await pause(50);
  } finally {
    for (const client of clients) client.disconnect();
  }
}

const knowsAll = async (client: Redis): Promise<boolean> => {
  const info = String(await client.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${slots}`);
};
