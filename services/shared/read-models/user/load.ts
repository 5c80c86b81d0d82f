import type { Knex } from '../../mysql/database.ts';
import { type Counters, countColumns, ledgerOf } from '../counts/columns.ts';
import type { LoadedRow } from '../counts/views.ts';
import { type UserRow, userCard } from './card.ts';

/** Loads users by id; an id without a row has no entry. */
export async function loadUsers(db: Knex, ids: readonly number[]): Promise<Map<number, LoadedRow>> {
  const rows: (UserRow & Counters<'user'>)[] = await db('user')
    .leftJoin('user_counter', 'user_counter.user_id', 'user.id')
    .whereIn('user.id', ids)
    .select('id', 'name', 'avatar_path', 'background_path', 'signature', 'revision', ...countColumns.user);
  return new Map(rows.map((row) => [row.id, { card: userCard(row), ledger: ledgerOf('user', row) }]));
}
