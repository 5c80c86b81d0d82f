import type { Knex } from '../../shared/mysql/database.ts';

interface Crowd {
  users: number;
  videos: number;
}

/** The n-th user has n followers and the n-th place among those who logged in; the n-th video is the n-th newest, of user n. */
export async function insertCrowd(db: Knex, { users, videos }: Crowd): Promise<void> {
  const from = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const people = from(users);
  await Promise.all([
    db.batchInsert(
      'user',
      people.map((id) => ({ id, username: `user-${id}`, name: `User ${id}`, created_at: id })),
    ),
    db.batchInsert(
      'user_counter',
      people.map((id) => ({ user_id: id, follower_count: users - id })),
    ),
    db.batchInsert(
      'credential',
      people.map((id) => ({ user_id: id, password_hash: '-', updated_at: id, tokens_until: users - id })),
    ),
    db.batchInsert(
      'video',
      from(videos).map((id) => ({
        ...{ id, author_id: id, title: `Video ${id}`, state: 'ready', created_at: id, published_at: 1e12 - id },
        ...{ original_path: 'o', play_path: 'p', cover_path: 'c' },
      })),
    ),
  ]);
}
