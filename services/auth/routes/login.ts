import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireLine } from '../../shared/http/input.ts';
import type { Logger } from '../../shared/logger.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import type { Passwords } from '../passwords.ts';
import type { Account, Accounts } from '../repositories/accounts.ts';
import type { Sessions } from '../sessions.ts';

const Login = Type.Object({
  username: WireLine({ minLength: 1, maxLength: 32 }),
  password: WireLine({ minLength: 1, maxLength: 32 }),
});

interface Deps {
  accounts: Pick<Accounts, 'find' | 'replaceHash'>;
  passwords: Passwords;
  sessions: Pick<Sessions, 'open'>;
  limits: Pick<RateLimits<'logins'>, 'take'>;
  logger: Logger;
}

/** POST /douyin/user/login/: a token; a wrong password and an unknown user get the same answer after the same work. */
export const login = ({ accounts, passwords, sessions, limits, logger }: Deps): Middleware => {
  const renewHash = async ({ userId, passwordHash }: Account, password: string) => {
    if (!passwords.isOutdated(passwordHash)) return;
    await accounts
      .replaceHash({ userId, passwordHash: await passwords.hash(password) })
      .catch((error: unknown) => logger.warn({ error }, 'an outdated password hash could not be replaced'));
  };
  return async (ctx) => {
    const { username, password } = parseInput(ctx, Login);
    const admission = limits.take(ctx, 'logins', { account: username });
    const [account] = await Promise.all([accounts.find(username), admission]);
    const fits = await passwords.fits(password, account?.passwordHash);
    if (!fits || !account) throw new ApiError('login_failed');
    await renewHash(account, password);
    ctx.body = { status_code: 0, status_msg: 'ok', user_id: account.userId, token: await sessions.open(account) };
  };
};
