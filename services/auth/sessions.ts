import type { Logger } from '../shared/logger.ts';
import type { Revocation, Revocations, Session } from '../shared/sessions/revocations.ts';
import type { Tokens } from '../shared/tokens.ts';
import type { SessionRows } from './repositories/sessions.ts';

/** What of a user decides about their tokens. */
export interface SessionOwner {
  userId: number;
  generation: number;
  /** The rows know that tokens of the user may be valid until then. */
  tokensUntilMs: number;
}

export interface Sessions {
  /** A token for a user who has just logged in. */
  open(owner: SessionOwner): Promise<string>;
  /** Until when tokens that are issued now may be valid, with room for the logins of as much time again. */
  tokensUntilMs(): number;
  end(session: Session): Promise<void>;
  endAll(session: Session): Promise<void>;
}

interface Options {
  rows: SessionRows;
  tokens: Pick<Tokens, 'issue'>;
  lifetimeSeconds: number;
  revocations: Pick<Revocations, 'add'>;
  /** Tells the other processes; may fail, since they look at the rows too. */
  publish: (revocation: Revocation) => Promise<void>;
  logger: Logger;
  now?: () => number;
}

/** A login that began before a logout everywhere may still be given a token after it: a revocation outlives that. */
const loginMs = 3_600_000;

/** Logins and logouts: rows first, then this process, then the others. */
export function createSessions({ rows, tokens, revocations, publish, logger, ...options }: Options): Sessions {
  const { lifetimeSeconds, now = Date.now } = options;
  const lifetimeMs = lifetimeSeconds * 1000;
  const tokensUntilMs = () => now() + 2 * lifetimeMs;

  const announce = async (revocation: Revocation) => {
    revocations.add([revocation]);
    await publish(revocation).catch((error: unknown) =>
      logger.warn(
        { error },
        'Redis was not told of a revoked token: other processes see it when they look at the rows',
      ),
    );
  };
  return {
    tokensUntilMs,
    open: async ({ userId, generation, ...known }) => {
      if (known.tokensUntilMs < now() + lifetimeMs) await rows.extend(userId, tokensUntilMs());
      return tokens.issue(userId, generation);
    },
    end: async (session) => announce(await rows.end(session)),
    endAll: async ({ userId, expiresMs }) =>
      announce(await rows.endAll(userId, Math.max(expiresMs, now() + lifetimeMs) + loginMs)),
  };
}
