import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Redis } from '../redis/connect.ts';
import type { Revocation } from './revocations.ts';

/** The Redis channel on which a platform's processes hear of revocations. */
export const revocationChannel = (keyPrefix: string): string => `${keyPrefix}:revocations`;

const message = Compile(
  Type.Object({
    userId: Type.Integer(),
    tokenId: Type.String(),
    generation: Type.Integer(),
    expiresMs: Type.Integer(),
  }),
);

/** Tells every process of a revocation; a cluster passes it on to all of its nodes. */
export const publishRevocation = async (redis: Redis, keyPrefix: string, revocation: Revocation): Promise<void> => {
  await redis.publish(revocationChannel(keyPrefix), JSON.stringify(revocation));
};

/** What was published, undefined for a text that is no revocation. */
export function parseRevocation(text: string): Revocation | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return message.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
