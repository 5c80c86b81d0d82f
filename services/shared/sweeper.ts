import type { Logger } from './logger.ts';

interface SweeperOptions {
  /** What is removed, for the log. */
  what: string;
  /** Removes what nobody needs any more; resolves to how much it was. */
  remove: () => Promise<number>;
  logger: Logger;
  everyMs: number;
}

export interface Sweeper {
  stop(): void;
}

/**
 * Removes now and then what nobody needs any more; a failure is logged, and the next look finds the rest. Processes of
 * many replicas do it at times of their own.
 */
export function startSweeper({ what, remove, logger, everyMs }: SweeperOptions): Sweeper {
  const sweep = async () => {
    try {
      const removed = await remove();
      if (removed > 0) logger.info({ removed }, `${what} were removed`);
    } catch (error) {
      logger.warn({ error }, `${what} could not be removed: they stay until the next look`);
    }
  };
  const timer = setInterval(() => void sweep(), everyMs * (0.9 + Math.random() / 5));
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
