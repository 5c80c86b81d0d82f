import { ApiError } from '../../shared/errors.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import type { Revocation, Session } from '../../shared/sessions/revocations.ts';

interface Options {
  db: Knex;
  nextId: () => Promise<number>;
}

/** Ended sessions. What is written here is true; what is told to the processes only makes it known early. */
export const createSessionRows = ({ db, nextId }: Options) => {
  const insert = async (trx: Knex, { userId, tokenId, generation, expiresMs }: Revocation, id: number) => {
    await trx('revocation').insert({ id, user_id: userId, token_id: tokenId, generation, expires_at: expiresMs });
  };
  return {
    /** Keeps in mind until when tokens of a user may be valid. */
    extend: async (userId: number, tokensUntilMs: number): Promise<void> => {
      await db('credential')
        .where({ user_id: userId })
        .andWhere('tokens_until', '<', tokensUntilMs)
        .update({ tokens_until: tokensUntilMs });
    },

    /** Ends one session. */
    end: async (session: Session): Promise<Revocation> => {
      const revocation = { ...session, generation: 0 };
      await insert(db, revocation, await nextId());
      return revocation;
    },

    /** Ends all sessions of a user, those of logins that are on their way included; kept until `untilMs` at least. */
    endAll: async (userId: number, untilMs: number): Promise<Revocation> => {
      const id = await nextId();
      return transact(db, async (trx) => {
        await trx('credential').where({ user_id: userId }).increment('generation');
        const row = await trx('credential').where({ user_id: userId }).first('generation', 'tokens_until');
        if (!row) throw new ApiError('token_invalid');
        const expiresMs = Math.max(untilMs, row.tokens_until);
        const revocation: Revocation = { userId, tokenId: '', generation: row.generation, expiresMs };
        await insert(trx, revocation, id);
        return revocation;
      });
    },

    /** Removes some revocations that concern only tokens which expired before a time; tells how many. */
    removeExpired: (beforeMs: number): Promise<number> =>
      db('revocation').where('expires_at', '<', beforeMs).orderBy('expires_at').limit(1_000).delete(),
  };
};

export type SessionRows = ReturnType<typeof createSessionRows>;
