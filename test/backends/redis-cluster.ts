import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { lastingPort } from '../platform/ports.ts';
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
    get pid() {
      return first.pid;
    },
    get pids() {
      return masters.map(({ pid }) => pid);
    },
    restart: async (master = 0) => {
      await masters[master % masters.length]?.restart();
      await untilAllServe(masters);
    },
    stop: async () => {
      await Promise.all(masters.map((master) => master.stop()));
    },
  };
}

async function startMaster(password: string) {
  const busPort = await lastingPort(); // the usual one, 10,000 above the port, may be no port
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '5000'];
  return Object.assign(await startRedisProcess(password, args), { busPort });
}

async function joinTogether(masters: readonly Master[]): Promise<void> {
  const clients = connectTo(masters);
  const bounds = Array.from({ length: masters.length + 1 }, (_, index) => Math.floor((index * slots) / masters.length));
  try {
    for (const [index, client] of clients.entries()) {
      await client.cluster('ADDSLOTSRANGE', bounds[index] ?? 0, (bounds[index + 1] ?? slots) - 1);
      for (const { host, port, busPort } of masters) await client.cluster('MEET', host, port, busPort);
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
  await untilAllServe(masters);
}

/** Every master knows of every slot who serves it. */
async function untilAllServe(masters: readonly Master[]): Promise<void> {
  const clients = connectTo(masters);
  try {
    while (!(await Promise.all(clients.map(knowsAll))).every(Boolean)) await pause(50);
  } finally {
    for (const client of clients) client.disconnect();
  }
}

const connectTo = (masters: readonly Master[]): Redis[] =>
  masters.map(({ host, port, password }) => new Redis({ host, port, password }));

const knowsAll = async (client: Redis): Promise<boolean> => {
  const info = String(await client.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${slots}`);
};
