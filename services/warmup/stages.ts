import type { Knex } from '../shared/mysql/database.ts';
import { loadFeed } from '../shared/read-models/feed/load.ts';
import type { ReadModels } from '../shared/read-models/index.ts';
import type { UserCursor, WarmUpProgress, WarmUpStage } from '../shared/warm-up/progress.ts';
import { loadFollowed, loadLastActive, loadMostFollowed } from './repositories/likely-users.ts';

/** How much is loaded at most. */
export interface Amounts {
  users: number;
  videos: number;
  /** Of the newest videos, how many with their authors. */
  feed: number;
}

interface StagesOptions {
  db: Knex;
  models: Pick<ReadModels, 'feed' | 'users' | 'videos'>;
  amounts: Amounts;
  /** Users or videos of one batch: few enough that nobody waits for it. */
  batch: number;
}

/** One batch of a stage: loads what comes next, and tells how far that is. */
type Stage = (progress: WarmUpProgress) => Promise<WarmUpProgress>;

/**
 * What a warm-up does, batch by batch. Everything goes through the read models: what is cached stays as it is, and what a
 * write voids while it is being loaded is not stored.
 */
export function createStages({ db, models, amounts, batch }: StagesOptions): Record<WarmUpStage, Stage> {
  const { feed, users, videos } = models;
  const newestVideos = Math.max(amounts.videos, amounts.feed);
  const mostFollowed = Math.ceil(amounts.users / 2);

  return {
    feed: async (progress) => {
      await feed.page({ limit: 1 });
      return { ...progress, stage: 'videos' };
    },

    videos: async (progress) => {
      const limit = Math.min(batch, newestVideos - progress.videos);
      const entries = limit > 0 ? await loadFeed(db, { beforeMs: progress.publishedAtMs, limit }) : [];
      const last = entries.at(-1);
      if (!last) return { ...progress, stage: 'followed' };
      const withAuthor = entries.slice(0, Math.max(0, amounts.feed - progress.videos));
      await videos.find(entries.map(({ videoId }) => videoId));
      await users.find(withAuthor.map(({ authorId }) => authorId));
      return { ...progress, videos: progress.videos + entries.length, publishedAtMs: last.publishedAtMs };
    },

    followed: async (progress) => {
      const limit = Math.min(batch, mostFollowed - progress.users);
      const page = limit > 0 ? await loadMostFollowed(db, { after: progress.followed, limit }) : [];
      const last = page.at(-1);
      if (!last) return { ...progress, stage: 'active' };
      await users.find(page.map(({ userId }) => userId));
      return { ...progress, users: progress.users + page.length, followed: last };
    },

    active: async (progress) => {
      const limit = Math.min(batch, amounts.users - progress.users);
      const page = limit > 0 ? await loadLastActive(db, { after: progress.active, limit }) : [];
      const last = page.at(-1);
      if (!last) return { ...progress, stage: 'finished' };
      const ids = page.map(({ userId }) => userId);
      const others = (await loadFollowed(db, ids)).filter((user) => comesAfter(user, progress.followed));
      await users.find(others.map(({ userId }) => userId));
      return { ...progress, users: progress.users + others.length, active: last };
    },

    finished: async (progress) => progress,
  };
}

/** Whether a list in descending order has not come to the user yet. */
const comesAfter = ({ value, userId }: UserCursor, last: UserCursor | undefined): boolean =>
  last === undefined || value < last.value || (value === last.value && userId < last.userId);
