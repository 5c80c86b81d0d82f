import { createConnection } from 'node:net';
import type { Address } from './target.ts';

const longestMs = 3_000;

/** Whether somebody takes connections there: the cheapest look there is. Rejects with the reason of the last address. */
export const reach = async (addresses: readonly Address[]): Promise<void> => {
  const outcomes = await Promise.allSettled(addresses.map(connectOnce));
  if (outcomes.some(({ status }) => status === 'fulfilled')) return;
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

const connectOnce = ({ host, port }: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    socket.setTimeout(longestMs, () =>
      socket.destroy(Object.assign(new Error(`no answer in ${longestMs} ms`), { code: 'ETIMEDOUT' })),
    );
    socket.once('connect', () => {
      socket.end();
      resolve();
    });
    socket.once('error', reject);
  });
