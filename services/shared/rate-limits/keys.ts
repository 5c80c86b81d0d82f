import { createHash } from 'node:crypto';

/** The Redis keys of rate limits, one line each; all of them vanish by themselves when their bucket is full again. */
export const createLimitKeys = (prefix: string) => ({
  /** string: bucket of a user, in the slot of the user's other keys */
  user: (userId: number, action: string) => `${prefix}:{user:${userId}}:limit:${action}`,
  /** string: bucket of a name that somebody tries to log in with; names are not kept as they are */
  account: (name: string, action: string) => `${prefix}:{account:${digest(name)}}:limit:${action}`,
  /** string: bucket of a client's network */
  network: (network: string, action: string) => `${prefix}:{network:${network}}:limit:${action}`,
});

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
