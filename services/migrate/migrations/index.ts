import { users } from './0001-users.ts';
import { videos } from './0002-videos.ts';
import { likes } from './0003-likes.ts';
import { outbox } from './0004-outbox.ts';
import { workers } from './0005-workers.ts';
import { follows } from './0006-follows.ts';
import { comments } from './0007-comments.ts';
import { messages } from './0008-messages.ts';
import { sessions } from './0009-sessions.ts';
import { likedAuthors } from './0010-liked-authors.ts';
import { likeOrder } from './0011-like-order.ts';
import { likeliestUsers } from './0012-likeliest-users.ts';
import { playableFirst } from './0013-playable-first.ts';
import { schemaVersion } from './0014-schema-version.ts';
import type { Migration } from './migration.ts';

/** Every migration, in the order in which they run. New ones go to the end; released ones do not change. */
export const migrations: readonly Migration[] = [
  users,
  videos,
  likes,
  outbox,
  workers,
  follows,
  comments,
  messages,
  sessions,
  likedAuthors,
  likeOrder,
  likeliestUsers,
  playableFirst,
  schemaVersion,
];
