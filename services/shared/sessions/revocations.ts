/** What a token says: whose it is, which one it is, of which generation, and until when it may be used. */
export interface Session {
  userId: number;
  tokenId: string;
  /** All tokens of a user are revoked by raising the generation of the user. */
  generation: number;
  expiresMs: number;
}

/** A session that was ended early; with an empty `tokenId`, all sessions of the user below the generation. */
export type Revocation = Session;

export interface Revocations {
  /** May be repeated, in any order. */
  add(revocations: Iterable<Revocation>): void;
  covers(session: Session): boolean;
  /** Forgets those that concern only tokens which have expired by now. */
  forgetExpired(): void;
}

/** What is revoked, in memory: every token is looked up here before it is believed. */
export function createRevocations(now: () => number = Date.now): Revocations {
  const tokens = new Map<string, Revocation>();
  const generations = new Map<number, Revocation>();

  const addOne = (revocation: Revocation) => {
    if (revocation.tokenId !== '') tokens.set(revocation.tokenId, revocation);
    else if (revocation.generation > (generations.get(revocation.userId)?.generation ?? 0))
      generations.set(revocation.userId, revocation);
  };
  return {
    add: (revocations) => {
      for (const revocation of revocations) addOne(revocation);
    },
    covers: ({ userId, tokenId, generation }) =>
      tokens.has(tokenId) || generation < (generations.get(userId)?.generation ?? 0),
    forgetExpired: () => {
      forgetExpiredOf(tokens, now());
      forgetExpiredOf(generations, now());
    },
  };
}

function forgetExpiredOf<Key>(map: Map<Key, Revocation>, nowMs: number): void {
  for (const [key, { expiresMs }] of map) if (expiresMs <= nowMs) map.delete(key);
}
