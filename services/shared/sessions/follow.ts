import type { Logger } from '../logger.ts';
import type { Knex } from '../mysql/database.ts';
import type { Redis } from '../redis/connect.ts';
import { subscribe } from '../redis/subscribe.ts';
import { parseRevocation, revocationChannel } from './channel.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { createRowReader } from './row-reader.ts';

export interface FollowedRevocations extends Revocations {
  close(): void;
}

interface Options {
  db: Knex;
  redis: Redis;
  keyPrefix: string;
  logger: Logger;
}

/** How often the rows are looked at beside the channel, which forgets what it says while nobody listens. */
const lookEveryMs = { joined: 10_000, alone: 300 } as const;

/**
 * The revocations of a platform, as this process knows them: all rows at the start, from then on what is published, and
 * new rows each time that the channel was lost and found, now and then in any case, and all the time while it is away.
 */
export async function followRevocations({ db, redis, keyPrefix, logger }: Options): Promise<FollowedRevocations> {
  const revocations = createRevocations();
  const rows = createRowReader({ db, logger, onRead: revocations.add });
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  await rows.readAll();
  const look = async () => {
    await rows.readNew();
    revocations.forgetExpired();
    schedule();
  };
  const subscription = subscribe(redis, revocationChannel(keyPrefix), {
    onMessage: (text) => {
      const revocation = parseRevocation(text);
      if (revocation) return revocations.add([revocation]);
      logger.warn('a message about a revoked token cannot be understood: the rows are read instead');
      void look();
    },
    onJoined: () => void look(),
    onLost: () => void look(),
  });
  const schedule = () => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(look, subscription.isJoined() ? lookEveryMs.joined : lookEveryMs.alone);
    timer.unref();
  };
  schedule();
  return {
    ...revocations,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      subscription.close();
    },
  };
}
