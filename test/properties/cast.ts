import type { Knex } from '../../services/shared/mysql/database.ts';
import type { Tokens } from '../../services/shared/tokens.ts';

/** Somebody who acts. */
export interface Person {
  id: number;
  token: string;
}

/** A video that everybody can see. */
export interface VisibleVideo {
  id: number;
  authorId: number;
}

/** Who acts, and on what. */
export interface Cast {
  persons: readonly Person[];
  /** Grows by what is published and becomes ready. */
  videos: VisibleVideo[];
}

const persons = 10;
const videos = 14;
const bornMs = Date.UTC(2026, 0, 2);

export const personIds: readonly number[] = Array.from({ length: persons }, (_, index) => 1_001 + index);

const firstVideos: readonly VisibleVideo[] = Array.from({ length: videos }, (_, index) => ({
  id: 5_001 + index,
  authorId: 1_001 + (index % persons),
}));

/** Rows of the persons, and of the videos that some of them have published already. */
export async function insertCast(db: Knex): Promise<void> {
  const worksOf = (personId: number) => firstVideos.filter(({ authorId }) => authorId === personId).length;
  await db('user').insert(
    personIds.map((id) => ({ id, username: `person-${id}`, name: `Person ${id}`, created_at: bornMs })),
  );
  await db('user_counter').insert(personIds.map((id) => ({ user_id: id, work_count: worksOf(id) })));
  await db('video').insert(
    firstVideos.map(({ id, authorId }) => ({
      ...{ id, author_id: authorId, title: `Video ${id}`, state: 'ready', original_path: `originals/${id}.mp4` },
      ...{ play_path: `play/${id}.mp4`, cover_path: `cover/${id}.jpg`, width: 720, height: 1280, duration_ms: 15_000 },
      ...{ created_at: bornMs + id, published_at: bornMs + id },
    })),
  );
  await db('video_counter').insert(firstVideos.map(({ id }) => ({ video_id: id })));
}

export const createCast = (tokens: Pick<Tokens, 'issue'>): Cast => ({
  persons: personIds.map((id) => ({ id, token: tokens.issue(id) })),
  videos: [...firstVideos],
});
