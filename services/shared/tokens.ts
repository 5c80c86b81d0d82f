import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const issuer = 'tiktok-lite';
const audience = 'tiktok-lite-api';
const algorithm = 'HS256';
const monthSeconds = 30 * 24 * 3600;
/** Longer than any token of ours: what is longer is refused before any work. */
const maxTokenLength = 1024;
/** A verified token is trusted this long without a new look, so that a revocation can still bite. */
const trustMs = 5_000;

const KeyRing = Type.Array(
  Type.Object({ kid: Type.String({ minLength: 1, maxLength: 64 }), secret: Type.String({ minLength: 32 }) }),
  { minItems: 1 },
);

export interface Tokens {
  issue(userId: number): string;
  /** The user that a token of ours names, undefined for a token that is not valid now. */
  verify(token: string): number | undefined;
}

interface TokenOptions {
  /** The setting AUTH_SIGNING_KEYS: a JSON array of {kid, secret}; the first signs, all verify. */
  keys: string;
  lifetimeSeconds?: number;
  now?: () => number;
}

/** Signed tokens, verified in the process and cached for a moment. Rotating a key logs nobody out while it stays in the ring. */
export function createTokens({ keys, lifetimeSeconds = monthSeconds, now = Date.now }: TokenOptions): Tokens {
  const ring = parseKeyRing(keys);
  const [signing] = ring;
  const keyByKid = new Map(ring.map(({ kid, key }) => [kid, key]));
  const trusted = new LRUCache<string, { userId: number; untilMs: number }>({ max: 10_000 });

  const verifySignature = (token: string) => {
    const key = keyByKid.get(kidOf(token));
    if (!key) return undefined;
    const clockTimestamp = Math.floor(now() / 1000);
    const claims = jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp });
    if (typeof claims === 'string' || !claims.jti || !claims.exp) return undefined;
    const userId = Number(claims.sub);
    return Number.isSafeInteger(userId) && userId > 0 ? { userId, expiresMs: claims.exp * 1000 } : undefined;
  };

  return {
    issue: (userId) =>
      jwt.sign({ iat: Math.floor(now() / 1000) }, signing.key, {
        algorithm,
        issuer,
        audience,
        subject: String(userId),
        jwtid: randomUUID(),
        keyid: signing.kid,
        expiresIn: lifetimeSeconds,
      }),
    verify: (token) => {
      if (token.length > maxTokenLength) return undefined;
      const known = trusted.get(token);
      if (known && known.untilMs > now()) return known.userId;
      const verified = quietly(() => verifySignature(token));
      if (!verified) return undefined;
      trusted.set(token, { userId: verified.userId, untilMs: Math.min(now() + trustMs, verified.expiresMs) });
      return verified.userId;
    },
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
