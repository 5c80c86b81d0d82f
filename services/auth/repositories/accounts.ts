import { ApiError } from '../../shared/errors.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import type { SessionOwner } from '../sessions.ts';

export interface Account extends SessionOwner {
  passwordHash: string;
}

type NewAccount = Pick<Account, 'userId' | 'passwordHash' | 'tokensUntilMs'> & { username: string };

export interface Accounts {
  /** Stores a user with everything that each user has; `username_taken` when the name is somebody's already. */
  add(account: NewAccount): Promise<void>;
  find(username: string): Promise<Account | undefined>;
  replaceHash(account: Pick<Account, 'userId' | 'passwordHash'>): Promise<void>;
}

/** Users as those who log in. The unique key decides who gets a name: nothing is looked up first. */
export const createAccounts = ({ db, now = Date.now }: { db: Knex; now?: () => number }): Accounts => ({
  add: async ({ userId, username, passwordHash, tokensUntilMs }) => {
    const createdAt = now();
    try {
      await transact(db, async (trx) => {
        await trx('credential').insert({
          user_id: userId,
          password_hash: passwordHash,
          tokens_until: tokensUntilMs,
          updated_at: createdAt,
        });
        await trx('user').insert({ id: userId, username, name: username, created_at: createdAt });
        await trx('user_counter').insert({ user_id: userId });
      });
    } catch (error) {
      throw isTakenUsername(error) ? new ApiError('username_taken', undefined, { cause: error }) : error;
    }
  },

  find: async (username) => {
    const row = await db('user')
      .join('credential', 'credential.user_id', 'user.id')
      .where({ username })
      .first('user.id', 'password_hash', 'generation', 'tokens_until');
    return (
      row && {
        ...{ userId: row.id, passwordHash: row.password_hash },
        ...{ generation: row.generation, tokensUntilMs: row.tokens_until },
      }
    );
  },

  replaceHash: async ({ userId, passwordHash }) => {
    await db('credential').where({ user_id: userId }).update({ password_hash: passwordHash, updated_at: now() });
  },
});

const isTakenUsername = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY' && error.message.includes('user_username');
