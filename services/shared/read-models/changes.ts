/** A video that became ready: what the feed orders it by. */
export interface PublishedVideo {
  videoId: number;
  authorId: number;
  /** The row's `published_at`, in ms. */
  publishedAt: number;
}

/**
 * What a process tells the read models after its transaction. Each call may be repeated, and none of them rejects: where
 * Redis cannot be reached the change is logged and the cached state ends with its time to live.
 */
export interface ReadModelChanges {
  users: {
    /** The row or the counters of a user changed, or the user is new. */
    changed: (userId: number) => Promise<void>;
  };
  videos: {
    /** A video is new or changed its row, its state or its counters; the author's list and counts follow. */
    changed: (video: { videoId: number; authorId: number }) => Promise<void>;
    /** Whether there is a video that everybody may see. */
    exists: (videoId: number) => Promise<boolean>;
  };
  feed: {
    /** A video became ready and enters the feed. */
    add: (video: PublishedVideo) => Promise<void>;
  };
}
