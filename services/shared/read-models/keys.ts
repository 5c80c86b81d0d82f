/**
 * Every Redis key of the read models, one line each. The part in braces decides the slot on a cluster: what belongs to
 * one user, one video or one chat lies together, so that a script can touch all of it.
 */
export const createKeys = (prefix: string) => {
  const user = (userId: number, name: string) => `${prefix}:{user:${userId}}:${name}`;
  const video = (videoId: number, name: string) => `${prefix}:{video:${videoId}}:${name}`;
  const chat = (conversation: string, name: string) => `${prefix}:{chat:${conversation}}:${name}`;
  return {
    user: {
      /** string: lines of the card and of the counts; empty when there is no such user */
      view: (userId: number) => user(userId, 'view'),
      /** string: token of the one process that may fill the view */
      viewLease: (userId: number) => user(userId, 'view-lease'),
      /** hash: column → sum of its pending deltas; `check` → ms at which they are compared with the rows */
      pendingSums: (userId: number) => user(userId, 'pending-sums'),
      /** string: state and ids of the newest videos of an author, newest first */
      works: (userId: number) => user(userId, 'works'),
      worksLease: (userId: number) => user(userId, 'works-lease'),
      /** string: version of the user's last like or unlike, in µs */
      clock: (userId: number) => user(userId, 'clock'),
      /** hash: video id → version, negative when unliked; `floor` → all that is liked since a later version is here */
      likes: (userId: number) => user(userId, 'likes'),
      /** sorted set: `videoId:authorId` of liked videos by the version since which each is liked; `floor` below zero */
      liked: (userId: number) => user(userId, 'liked'),
      likesLease: (userId: number) => user(userId, 'likes-lease'),
      /** hash: `videoId:authorId` → likes given that no settled count holds yet */
      pendingGiven: (userId: number) => user(userId, 'pending-given'),
      earlyGiven: (userId: number) => user(userId, 'early-given'),
      /** hash: `userId:videoId` → likes received that no settled count holds yet */
      pendingReceived: (userId: number) => user(userId, 'pending-received'),
      earlyReceived: (userId: number) => user(userId, 'early-received'),
      /** sorted set: users whom the user follows; score: the revision that orders the list; `floor`, `base` below zero */
      following: (userId: number) => user(userId, 'following'),
      followingLease: (userId: number) => user(userId, 'following-lease'),
      /** sorted set, as above: users who follow the user */
      followers: (userId: number) => user(userId, 'followers'),
      followersLease: (userId: number) => user(userId, 'followers-lease'),
      /** sorted set, as above: users who follow the user and are followed back */
      friends: (userId: number) => user(userId, 'friends'),
      friendsLease: (userId: number) => user(userId, 'friends-lease'),
      /** set: tokens of changes of the three lists that are being written and are not told yet */
      followChanges: (userId: number) => user(userId, 'follow-changes'),
      /** sorted set: `user:id` and `video:id` that the user has just changed, by ms of the change */
      touched: (userId: number) => user(userId, 'touched'),
      /** hash: other user → "time sent text" of the newest message with them; time 0 when there is none */
      newestMessages: (userId: number) => user(userId, 'newest-messages'),
    },
    video: {
      /** string: lines of the card and of the counts; empty when there is no such video. Another name for other lines. */
      view: (videoId: number) => video(videoId, 'view-2'),
      viewLease: (videoId: number) => video(videoId, 'view-lease'),
      pendingSums: (videoId: number) => video(videoId, 'pending-sums'),
      /** hash: user id → like that no settled count holds yet */
      pendingLikes: (videoId: number) => video(videoId, 'pending-likes'),
      /** hash: user id → version that was settled before its API process reported it; lives a minute */
      earlyLikes: (videoId: number) => video(videoId, 'early-likes'),
      /** sorted set: "author members" of the newest comments by revision; `floor`, `base` below zero */
      comments: (videoId: number) => video(videoId, 'comments'),
      commentsLease: (videoId: number) => video(videoId, 'comments-lease'),
      /** set: tokens of comments and deletions that are being written and are not told yet */
      commentChanges: (videoId: number) => video(videoId, 'comment-changes'),
    },
    chat: {
      /** sorted set: messages as JSON by time in ms; `floor`, `base` below zero */
      messages: (conversation: string) => chat(conversation, 'messages'),
      messagesLease: (conversation: string) => chat(conversation, 'messages-lease'),
      /** set: tokens of messages that are being written and are not told yet */
      changes: (conversation: string) => chat(conversation, 'changes'),
    },
    feed: {
      /** sorted set: `videoId:authorId` by the time of publication in ms; `floor` below zero */
      newest: () => `${prefix}:{feed}:newest`,
      newestLease: () => `${prefix}:{feed}:newest-lease`,
    },
    /** hash: run → which warm-up filled the cache; progress → how far it came, as JSON. It goes with the cache. */
    warmUp: () => `${prefix}:{warm-up}`,
  };
};

export type Keys = ReturnType<typeof createKeys>;
