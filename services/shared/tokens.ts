import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Revocations, Session } from './sessions/revocations.ts';

const issuer = 'tiktok-lite';
const audience = 'tiktok-lite-api';
const algorithm = 'HS256';
const monthSeconds = 30 * 24 * 3600;
/** Longer than any token of ours: what is longer is refused before any work. */
const maxTokenLength = 1024;

const KeyRing = Type.Array(
  Type.Object({ kid: Type.String({ minLength: 1, maxLength: 64 }), secret: Type.String({ minLength: 32 }) }),
  { minItems: 1 },
);

export interface Tokens {
  /** A token of a user's generation; raising the generation revokes all tokens that were issued before. */
  issue(userId: number, generation?: number): string;
  /** The session that a token of ours stands for, undefined for a token that is not valid now. */
  read(token: string): Session | undefined;
  /** The user that a token of ours names, undefined for a token that is not valid now. */
  verify(token: string): number | undefined;
}

interface TokenOptions {
  /** The setting AUTH_SIGNING_KEYS: a JSON array of {kid, secret}; the first signs, all verify. */
  keys: string;
  lifetimeSeconds?: number;
  /** What is revoked; without it nothing is. */
  revocations?: Pick<Revocations, 'covers'>;
  now?: () => number;
}

const nothingRevoked: Pick<Revocations, 'covers'> = { covers: () => false };

/**
 * Signed tokens, verified in the process: the signature of each once, whether it is revoked or expired each time. Rotating
 * a key logs nobody out while it stays in the ring.
 */
export function createTokens(options: TokenOptions): Tokens {
  const { keys, lifetimeSeconds = monthSeconds, revocations = nothingRevoked, now = Date.now } = options;
  const ring = parseKeyRing(keys);
  const [signing] = ring;
  const keyByKid = new Map(ring.map(({ kid, key }) => [kid, key]));
  const known = new LRUCache<string, Session>({ max: 10_000 });

  const verifySignature = (token: string): Session | undefined => {
    const key = keyByKid.get(kidOf(token));
    if (!key) return undefined;
    const clockTimestamp = Math.floor(now() / 1000);
    const claims = jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp });
    if (typeof claims === 'string' || !claims.jti || !claims.exp) return undefined;
    const session = {
      ...{ userId: Number(claims.sub), tokenId: claims.jti },
      ...{ generation: Number(claims.gen ?? 0), expiresMs: claims.exp * 1000 },
    };
    const isOurs = Number.isSafeInteger(session.userId) && session.userId > 0 && Number.isInteger(session.generation);
    return isOurs ? session : undefined;
  };
  const verifyOnce = (token: string): Session | undefined => {
    if (token.length > maxTokenLength) return undefined;
    const before = known.get(token);
    if (before) return before;
    const session = quietly(() => verifySignature(token));
    if (session) known.set(token, session);
    return session;
  };
  const read = (token: string): Session | undefined => {
    const session = verifyOnce(token);
    return session && session.expiresMs > now() && !revocations.covers(session) ? session : undefined;
  };

  return {
    issue: (userId, generation = 0) =>
      jwt.sign({ iat: Math.floor(now() / 1000), gen: generation }, signing.key, {
        algorithm,
        issuer,
        audience,
        subject: String(userId),
        jwtid: randomUUID(),
        keyid: signing.kid,
        expiresIn: lifetimeSeconds,
      }),
    read,
    verify: (token) => read(token)?.userId,
  };
}

/** jsonwebtoken throws for every token that it refuses; to us they are all "not valid". */
function quietly<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function kidOf(token: string): string {
  const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString());
  return typeof header === 'object' && header && 'kid' in header ? String(header.kid) : '';
}

/** A KeyObject, because jsonwebtoken takes strings and buffers for PEM first, which makes each call many times slower. */
interface RingKey {
  kid: string;
  key: KeyObject;
}

function parseKeyRing(text: string): [RingKey, ...RingKey[]] {
  const ring = quietly(() => JSON.parse(text) as unknown);
  if (!isKeyRing(ring)) {
    throw new Error(
      'AUTH_SIGNING_KEYS must be a JSON array of {"kid", "secret"}, each secret of at least 32 characters',
    );
  }
  if (new Set(ring.map(({ kid }) => kid)).size < ring.length) throw new Error('AUTH_SIGNING_KEYS has a kid twice');
  const [first, ...rest] = ring.map(({ kid, secret }) => ({ kid, key: createSecretKey(secret, 'utf8') }));
  if (!first) throw new Error('AUTH_SIGNING_KEYS is empty');
  return [first, ...rest];
}

const ringValidator = Compile(KeyRing);
const isKeyRing = (value: unknown): value is Static<typeof KeyRing> => ringValidator.Check(value);
