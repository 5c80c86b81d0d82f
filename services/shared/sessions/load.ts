import type { Knex } from '../mysql/database.ts';
import type { Revocation } from './revocations.ts';

/** Revocations in the order in which they were written, and where the next page begins. */
export interface RevocationPage {
  revocations: Revocation[];
  /** The largest id of the page; undefined when it is empty. */
  lastId: number | undefined;
  isLast: boolean;
}

const pageSize = 5_000;

/** The revocations that were written after one, oldest first. */
export async function loadRevocations(db: Knex, afterId: number): Promise<RevocationPage> {
  const rows: RevocationRow[] = await db('revocation')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(pageSize)
    .select('id', 'user_id', 'token_id', 'generation', 'expires_at');
  return {
    revocations: rows.map(({ user_id, token_id, generation, expires_at }) => ({
      ...{ userId: user_id, tokenId: token_id, generation, expiresMs: expires_at },
    })),
    lastId: rows.at(-1)?.id,
    isLast: rows.length < pageSize,
  };
}

interface RevocationRow {
  id: number;
  user_id: number;
  token_id: string;
  generation: number;
  expires_at: number;
}
