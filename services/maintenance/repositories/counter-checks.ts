import type { Knex } from '../../shared/mysql/database.ts';
import { type CountedEntity, countColumns } from '../../shared/read-models/counts/columns.ts';

/** A count that is not what its rows say. */
export interface Drift {
  id: number;
  held: number;
  counted: number;
}

export interface CounterCheck {
  counter: string;
  /** The first drifts by id, at most so many; none when every count is right, also of those without a counter row. */
  find(limit: number): Promise<Drift[]>;
}

/** What each counter counts: its owner as `id`, once for each row. */
const countedRows: { [Entity in CountedEntity]: Record<(typeof countColumns)[Entity][number], string> } = {
  user: {
    follow_count: 'SELECT follower_id AS id FROM follow',
    follower_count: 'SELECT following_id AS id FROM follow',
    total_favorited: 'SELECT video.author_id AS id FROM favorite JOIN video ON video.id = video_id WHERE liked = 1',
    work_count: "SELECT author_id AS id FROM video WHERE state = 'ready'",
    favorite_count: 'SELECT user_id AS id FROM favorite WHERE liked = 1',
  },
  video: {
    favorite_count: 'SELECT video_id AS id FROM favorite WHERE liked = 1',
    comment_count: 'SELECT video_id AS id FROM comment',
  },
};

/**
 * Compares every counter with all of its rows. Rows and counters move in one transaction, and each comparison is one
 * statement that sees one moment, so it is right under traffic, too. It reads whole tables: for when nobody is in a hurry.
 */
export const createCounterChecks = (db: Knex): CounterCheck[] => [...checksOf(db, 'user'), ...checksOf(db, 'video')];

function checksOf<Entity extends CountedEntity>(db: Knex, entity: Entity): CounterCheck[] {
  const columns: readonly (typeof countColumns)[Entity][number][] = countColumns[entity];
  return columns.map((column) => ({
    counter: `${entity}.${column}`,
    find: (limit) => findDrifts(db, { entity, column, rows: countedRows[entity][column], limit }),
  }));
}

interface Comparison {
  entity: CountedEntity;
  column: string;
  rows: string;
  limit: number;
}

async function findDrifts(db: Knex, { entity, column, rows, limit }: Comparison): Promise<Drift[]> {
  const [drifts]: Drift[][] = await db.raw(
    `SELECT id, CAST(SUM(held) AS SIGNED) AS held, CAST(SUM(counted) AS SIGNED) AS counted FROM (
       SELECT ${entity}_id AS id, ${column} AS held, 0 AS counted FROM ${entity}_counter
       UNION ALL
       SELECT id, 0, COUNT(*) FROM (${rows}) AS counted_rows GROUP BY id
     ) AS sides GROUP BY id HAVING SUM(held) <> SUM(counted) ORDER BY id LIMIT ?`,
    [limit],
  );
  return (drifts ?? []).map((drift) => ({ ...drift }));
}
