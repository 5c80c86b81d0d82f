import Type, { type Static } from 'typebox';

/** A 53-bit id, as the id generator gives out: safe as a JSON number. */
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** A user's wish about one video. `version` comes from the user's hybrid clock (µs); only a later version replaces an earlier one. */
export const LikeEvent = Type.Object({
  userId: Id,
  videoId: Id,
  /** Author of the video: their received likes are counted with it. */
  authorId: Id,
  version: Id,
  liked: Type.Boolean(),
});
export type LikeEvent = Static<typeof LikeEvent>;

/** An original that lies complete in object storage and waits to be transcoded. */
export const UploadEvent = Type.Object({ videoId: Id, authorId: Id });
export type UploadEvent = Static<typeof UploadEvent>;

/** Something that a user is to hear of: their upload can be watched, or never will be. */
export const UserEvent = Type.Union([
  Type.Object({ type: Type.Literal('upload.ready'), userId: Id, videoId: Id }),
  Type.Object({ type: Type.Literal('upload.failed'), userId: Id, videoId: Id, reason: Type.String() }),
]);
export type UserEvent = Static<typeof UserEvent>;

export interface Topic {
  /** Name without the platform's prefix; also its key under `spec.topics` in camelCase where the object can set it. */
  name: string;
  /** What the message key is: messages with the same key stay in order. */
  key: string;
  partitions: number;
  retentionHours: number;
}

const days = 24;
const hourMs = 3_600_000;

/** Every topic of the platform. The operator reconciles this table; producers and consumers take names from it. */
export const topics = {
  likes: { name: 'likes', key: 'user id', partitions: 6, retentionHours: 7 * days },
  likesRetry: { name: 'likes-retry', key: 'user id', partitions: 2, retentionHours: 7 * days },
  likesDeadLetter: { name: 'likes-dead-letter', key: 'user id', partitions: 1, retentionHours: 30 * days },
  uploads: { name: 'uploads', key: 'video id', partitions: 8, retentionHours: 7 * days },
  uploadsRetry: { name: 'uploads-retry', key: 'video id', partitions: 4, retentionHours: 7 * days },
  uploadsDeadLetter: { name: 'uploads-dead-letter', key: 'video id', partitions: 1, retentionHours: 30 * days },
  events: { name: 'events', key: 'user id', partitions: 4, retentionHours: 7 * days },
} as const satisfies Record<string, Topic>;

export type TopicId = keyof typeof topics;

/** The name on the broker: platforms that share a broker have prefixes of their own. */
export const topicName = (prefix: string, topic: TopicId): string => `${prefix}.${topics[topic].name}`;

/** The group of the processes that write likes: what it has not committed is not written. */
export const likeWriterGroup = (prefix: string): string => `${prefix}.like-writer`;

/**
 * How long a like can be on its way: in its topic, among the retries and as a dead letter. What is older is never written:
 * the tombstone that would tell it from a new action may be gone.
 */
export const likeLifetimeMs = (likesRetentionHours: number): number =>
  (likesRetentionHours + topics.likesRetry.retentionHours + topics.likesDeadLetter.retentionHours) * hourMs;
