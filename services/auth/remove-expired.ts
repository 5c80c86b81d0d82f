import type { Logger } from '../shared/logger.ts';
import type { SessionRows } from './repositories/sessions.ts';

interface Options {
  rows: Pick<SessionRows, 'removeExpired'>;
  logger: Logger;
  everyMs?: number;
}

/** The clocks of processes differ by less. */
const clockMarginMs = 3_600_000;

/** Removes now and then the revocations of tokens that have expired. Several processes may do it at once. */
export function removeExpiredRevocations({ rows, logger, everyMs = 3_600_000 }: Options): { stop(): void } {
  const remove = async () => {
    try {
      const revocations = await rows.removeExpired(Date.now() - clockMarginMs);
      if (revocations > 0) logger.info({ revocations }, 'revocations of expired tokens were removed');
    } catch (error) {
      logger.warn({ error }, 'revocations of expired tokens could not be removed: they stay until the next look');
    }
  };
  const timer = setInterval(() => void remove(), everyMs * (0.9 + Math.random() / 5));
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
