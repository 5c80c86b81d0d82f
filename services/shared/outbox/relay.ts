import type { Knex } from 'knex';
import type { Producer } from '../kafka/producer.ts';
import type { Logger } from '../logger.ts';
import { pruneSent, sendSome } from './send.ts';

export interface OutboxRelayOptions {
  db: Knex;
  producer: Pick<Producer, 'publish'>;
  topicPrefix: string;
  logger: Logger;
  /** How often it looks for events that nobody woke it for: those of a process that died after its commit. */
  pollMs?: number;
}

export interface OutboxRelay {
  /** Says that an event was committed: it is sent at once. */
  wake(): void;
  /** Ends after what is being sent now. */
  stop(): Promise<void>;
}

const maxBackoffMs = 10_000;
const pruneEveryMs = 10 * 60_000;
const keepSentMs = 24 * 3600_000;

/**
 * Sends committed events to Kafka, at least once. Any number of relays may run: each takes rows that no other one holds.
 */
export function createOutboxRelay({ pollMs = 2_000, ...options }: OutboxRelayOptions): OutboxRelay {
  const { db, logger } = options;
  let stopped = false;
  let woken = false;
  let failures = 0;
  let prunedMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> | undefined;

  const prune = async () => {
    if (performance.now() - prunedMs < pruneEveryMs) return;
    prunedMs = performance.now();
    await pruneSent(db, Date.now() - keepSentMs);
  };

  const work = async () => {
    do {
      woken = false;
      while (!stopped && (await sendSome(options)) > 0);
    } while (woken && !stopped);
    await prune();
  };

  const takeTurn = async () => {
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures += 1;
      const level = failures === 1 || failures % 30 === 0 ? 'warn' : 'debug';
      logger[level]({ error, failures }, 'events of the outbox could not be sent: they are tried again');
    }
  };

  const run = () => {
    if (stopped || turn) return;
    clearTimeout(timer);
    turn = takeTurn().finally(() => {
      turn = undefined;
      if (!stopped) timer = setTimeout(run, delayMs());
    });
  };

  const delayMs = () => {
    if (failures > 0) return Math.min(250 * 2 ** failures, maxBackoffMs);
    if (woken) return 0;
    return pollMs * (0.9 + Math.random() / 5); // relays of several processes do not ask at the same moment
  };

  run();
  return {
    wake: () => {
      woken = true;
      if (failures === 0) run();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
