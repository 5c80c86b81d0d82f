import Type from 'typebox';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireLine } from '../../shared/http/input.ts';
import type { IdGenerator } from '../../shared/ids/generator.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import type { Passwords } from '../passwords.ts';
import type { Accounts } from '../repositories/accounts.ts';
import type { Sessions } from '../sessions.ts';

interface Deps {
  accounts: Pick<Accounts, 'add'>;
  passwords: Pick<Passwords, 'hash'>;
  ids: Pick<IdGenerator, 'next'>;
  sessions: Pick<Sessions, 'open' | 'tokensUntilMs'>;
  limits: Pick<RateLimits<'registrations'>, 'take'>;
  minPasswordLength: number;
}

/** POST /douyin/user/register/: a new user, logged in at once. */
export const register = ({ accounts, passwords, ids, sessions, limits, minPasswordLength }: Deps): Middleware => {
  const Registration = Type.Object({
    username: WireLine({ minLength: 1, maxLength: 32 }),
    password: WireLine({ minLength: minPasswordLength, maxLength: 32 }),
  });
  return async (ctx) => {
    const { username, password } = parseInput(ctx, Registration);
    await limits.take(ctx, 'registrations');
    const passwordHash = await passwords.hash(password);
    const userId = await ids.next();
    const tokensUntilMs = sessions.tokensUntilMs();
    await accounts.add({ userId, username, passwordHash, tokensUntilMs });
    const token = await sessions.open({ userId, generation: 0, tokensUntilMs });
    ctx.body = { status_code: 0, status_msg: 'ok', user_id: userId, token };
  };
};
