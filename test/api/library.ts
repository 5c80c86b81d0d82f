import type { Knex } from '../../services/shared/mysql/database.ts';

export interface Library {
  /** Newest first, as the feed shows them. */
  videoIds: readonly number[];
  userIds: readonly number[];
}

const users = 60;
const videos = 70;
/** Two hours before the first request, and a minute from one video to the next. */
const stepMs = 60_000;
const headStartMs = 2 * 3600_000;

/** Rows of users and of ready videos, as an older life of the platform would have left them: two full pages of the feed and more. */
export async function fillLibrary(db: Knex): Promise<Library> {
  const userIds = Array.from({ length: users }, (_, index) => 1_001 + index);
  const videoIds = Array.from({ length: videos }, (_, index) => 5_001 + index);
  const authorOf = (index: number) => userIds[index % users] ?? 0;
  const newestMs = Date.now() - headStartMs;
  const works = new Map<number, number>();
  const rows = videoIds.map((id, index) => {
    const authorId = authorOf(index);
    works.set(authorId, (works.get(authorId) ?? 0) + 1);
    const publishedAt = newestMs - (videos - index) * stepMs;
    return {
      ...{ id, author_id: authorId, title: `From the library ${index}`, state: 'ready' },
      ...{ original_path: `originals/${id}.mp4`, play_path: `play/${id}.mp4`, cover_path: `cover/${id}.jpg` },
      ...{ width: 720, height: 1280, duration_ms: 15_000, created_at: publishedAt, published_at: publishedAt },
    };
  });
  await db('user').insert(
    userIds.map((id) => ({ id, username: `library-${id}`, name: `Reader ${id}`, created_at: newestMs })),
  );
  await db('user_counter').insert(userIds.map((id) => ({ user_id: id, work_count: works.get(id) ?? 0 })));
  await db('video').insert(rows);
  await db('video_counter').insert(videoIds.map((id) => ({ video_id: id })));
  return { userIds, videoIds: videoIds.toReversed() };
}
