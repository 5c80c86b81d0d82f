import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, mastersOf, untilReady } from '../../services/shared/redis/connect.ts';
import type { RedisServer } from '../backends/redis.ts';
import type { PlatformUnderTest } from '../platform/index.ts';
import type { Chance } from './chance.ts';
import type { Fault } from './plan.ts';
import type { Redelivery } from './redelivery.ts';
import type { Tally } from './tally.ts';
import type { Trusts } from './trust.ts';
import type { Witness } from './witness.ts';

interface FaultOptions {
  platform: PlatformUnderTest;
  redis: RedisServer;
  redelivery: Redelivery;
  trusts: Trusts;
  chance: Chance;
  tally: Tally;
  witness: Witness;
}

export interface Faults {
  /** Lets something go wrong; what it breaks is whole again after a while. */
  strike(fault: Fault): void;
  /** Resolves when everything is whole again. */
  over(): Promise<void>;
}

/** Faults strike at once, except that those of one process wait for each other. */
export function createFaults({ platform, redis, redelivery, trusts, chance, ...options }: FaultOptions): Faults {
  const { tally, witness } = options;
  const victims = new Map<string, Promise<void>>();
  const happened = (what: string, times = 1) => {
    tally.count(what, times);
    witness.noteFault(times === 1 ? what : `${what}, ${times} times`);
  };

  const afterOthersOf = (victim: string, work: () => Promise<void>) => {
    const done = (victims.get(victim) ?? Promise.resolve()).then(work);
    done.catch(() => undefined); // `over` tells
    victims.set(victim, done);
  };

  const kill = async ({ component, replica, deadMs }: Extract<Fault, { kind: 'kill' }>) => {
    const die = () => platform.kill(component, replica);
    await (component === 'like-writer' ? trusts.telling.duringLoss(die) : die());
    happened(`kill -9 of a ${component}`);
    await pause(deadMs);
    await platform.restart(component, replica);
    witness.noteFault(`${component} ${replica} is back`);
  };

  const flush = async (share: 'everything' | 'one master') => {
    const client = connectRedis(platform.settings);
    try {
      await untilReady(client);
      const masters = mastersOf(client);
      const flushed = share === 'everything' ? masters : [chance.pick(masters)];
      await trusts.memory.duringLoss(async () => void (await Promise.all(flushed.map((master) => master.flushall()))));
      happened(flushed.length === masters.length ? 'FLUSHALL' : 'FLUSHALL of one master');
    } finally {
      client.disconnect();
    }
  };

  const restartRedis = async (master: number) => {
    await trusts.memory.duringLoss(() => redis.restart(master));
    happened('kill -9 of Redis');
  };

  return {
    strike: (fault) => {
      if (fault.kind === 'kill') afterOthersOf(`${fault.component} ${fault.replica}`, () => kill(fault));
      else if (fault.kind === 'flush') afterOthersOf('redis', () => flush(fault.share));
      else if (fault.kind === 'restart redis') afterOthersOf('redis', () => restartRedis(fault.master));
      else
        afterOthersOf('kafka', async () => {
          happened('message delivered again', await redelivery.send(fault.messages, chance));
        });
    },
    over: async () => {
      await Promise.all(victims.values());
    },
  };
}
