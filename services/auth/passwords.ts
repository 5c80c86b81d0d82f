import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createLimit } from '../shared/limit.ts';

/** Argon2id with 7 MiB and 5 passes: the cheapest of OWASP's equivalent sets, since its memory fits a core's cache. */
const cost = { algorithm: 2, memoryCost: 7168, timeCost: 5, parallelism: 1 } as const;
const currentPrefix = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

const refusal = 'too many logins at once: try again in a second';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Whether a password fits a stored hash; without one, the same work is done and the answer is no. */
  fits(password: string, stored: string | undefined): Promise<boolean>;
  /** Whether a stored hash was made with other costs than today's. */
  isOutdated(stored: string): boolean;
}

/** Password hashing that keeps at most the cores busy: a flood of logins must not starve the rest of the machine. */
export async function createPasswords({ places = availableParallelism() } = {}): Promise<Passwords> {
  const limit = createLimit({ concurrency: places, maxWaiting: places * 32, refusal });
  const decoy = await hash('the password of nobody', cost);
  return {
    hash: (password) => limit(() => hash(password, cost)),
    fits: async (password, stored) => {
      const fits = await limit(() => verify(stored ?? decoy, password));
      return fits && stored !== undefined;
    },
    isOutdated: (stored) => !stored.startsWith(currentPrefix),
  };
}
