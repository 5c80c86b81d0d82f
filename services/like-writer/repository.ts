import { type Knex, transact } from '../shared/mysql/database.ts';
import { type Counters, countColumns } from '../shared/read-models/counts/columns.ts';
import type { SettledLike } from '../shared/read-models/index.ts';
import type { LikeEvent } from '../shared/topics.ts';
import type { Decision, ExistingLike } from './decide.ts';

type Row = Record<string, number>;

/** The rows that events are about, locked so that nobody decides about them at the same time; ascending. */
export async function lockLikes(trx: Knex, events: readonly LikeEvent[]): Promise<ExistingLike[]> {
  const rows: (Omit<ExistingLike, 'liked'> & { liked: number })[] = await trx('favorite')
    .whereIn(['user_id', 'video_id'], pairsOf(events))
    .orderBy(['user_id', 'video_id'])
    .select({
      ...{ userId: 'user_id', videoId: 'video_id' },
      ...{ liked: 'liked', version: 'version', likedSince: 'liked_since' },
    })
    .forUpdate();
  return rows.map((row) => ({ ...row, liked: row.liked === 1 }));
}

/** Writes likes that have no row yet; fails with ER_DUP_ENTRY when another writer was faster. */
export async function insertLikes(trx: Knex, likes: readonly SettledLike[], nowMs: number): Promise<void> {
  if (likes.length > 0) await trx('favorite').insert(likes.map((like) => likeRow(like, nowMs)));
}

/** Brings existing rows to later versions, in one statement. */
export async function updateLikes(trx: Knex, likes: readonly SettledLike[], nowMs: number): Promise<void> {
  if (likes.length === 0) return;
  await trx('favorite')
    .insert(likes.map((like) => likeRow(like, nowMs)))
    .onConflict()
    .merge({
      liked: trx.raw('IF(VALUES(version) > version, VALUES(liked), liked)'),
      liked_since: trx.raw('IF(VALUES(version) > version, VALUES(liked_since), liked_since)'),
      author_id: trx.raw('VALUES(author_id)'),
      updated_at: trx.raw('IF(VALUES(version) > version, VALUES(updated_at), updated_at)'),
      version: trx.raw('GREATEST(VALUES(version), version)'), // last: MySQL assigns from left to right
    });
}

const sweptAtOnce = 500;

/** Deletes rows of unlikes of before a version, few at a time; returns how many. */
export async function deleteUnlikes(db: Knex, { beforeVersion }: { beforeVersion: number }): Promise<number> {
  const deleteSome = (trx: Knex): Promise<number> =>
    trx('favorite')
      .where('liked', false)
      .where('version', '<', beforeVersion)
      .orderBy('version')
      .limit(sweptAtOnce)
      .delete();
  let deleted = 0;
  for (let some = sweptAtOnce; some === sweptAtOnce; deleted += some) some = await transact(db, deleteSome);
  return deleted;
}

/** Moves counters, users before videos, each ascending; a counter that is missing is created. */
export async function moveCounters(trx: Knex, { userDeltas, videoDeltas }: Decision): Promise<void> {
  const users = [...userDeltas].map(([user_id, { given, received }]) => ({
    ...{ user_id, favorite_count: given, total_favorited: received },
    revision: 1,
  }));
  const videos = [...videoDeltas].map(([video_id, favorite_count]) => ({ video_id, favorite_count, revision: 1 }));
  await addToRows(trx, 'user_counter', 'user_id', users);
  await addToRows(trx, 'video_counter', 'video_id', videos);
}

async function addToRows(trx: Knex, table: string, id: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const ascending = rows.toSorted((a, b) => Number(a[id]) - Number(b[id]));
  const added = Object.keys(first).filter((column) => column !== id);
  await trx(table)
    .insert(ascending)
    .onConflict()
    .merge(Object.fromEntries(added.map((column) => [column, trx.raw('?? + VALUES(??)', [column, column])])));
}

/** The counters of users; a user without a row has zeros. */
export const readUserCounters = (trx: Knex, ids: readonly number[]): Promise<Map<number, Counters<'user'>>> =>
  readCounters(trx('user_counter').whereIn('user_id', ids), { id: 'user_id', ids, columns: countColumns.user });

/** The counters of videos; a video without a row has zeros. */
export const readVideoCounters = (trx: Knex, ids: readonly number[]): Promise<Map<number, Counters<'video'>>> =>
  readCounters(trx('video_counter').whereIn('video_id', ids), { id: 'video_id', ids, columns: countColumns.video });

async function readCounters<Column extends string>(
  query: Knex.QueryBuilder,
  { id, ids, columns }: { id: string; ids: readonly number[]; columns: readonly Column[] },
): Promise<Map<number, Record<Column | 'revision', number | null>>> {
  const rows: Row[] = await query.select(id, 'revision', ...columns);
  const byId = new Map(rows.map((row) => [row[id], row]));
  const zeros = Object.fromEntries([...columns, 'revision'].map((column) => [column, 0]));
  return new Map(ids.map((each) => [each, (byId.get(each) ?? zeros) as Record<Column | 'revision', number>]));
}

const pairsOf = (likes: readonly LikeEvent[]) => likes.map(({ userId, videoId }) => [userId, videoId]);

const likeRow = ({ userId, videoId, authorId, liked, version, likedSince }: SettledLike, nowMs: number) => ({
  ...{ user_id: userId, video_id: videoId, author_id: authorId, liked, version, liked_since: likedSince },
  ...{ created_at: nowMs, updated_at: nowMs },
});
