import { composeId, epochMs, tickOf } from '../../../services/shared/ids/layout.ts';
import { distinctPairs, seededRandom, zipfian } from './random.ts';

export interface Size {
  users: number;
  videos: number;
  likes: number;
  comments: number;
  follows: number;
}

/** Who did what, by index of user and video, before any of it is a row. */
export interface Draft {
  userIds: number[];
  videoIds: number[];
  /** Author of each video. */
  authors: number[];
  likes: [user: number, video: number][];
  follows: [follower: number, following: number][];
  comments: [user: number, video: number][];
  /** How often each index occurs in the above. */
  counts: Record<'follow' | 'follower' | 'received' | 'work' | 'given' | 'liked' | 'discussed', Uint32Array>;
}

const dayMs = 24 * 3600 * 1000;
/** Everything happened in the platform's first days, so that no id is ever made again. */
export const beganMs = epochMs + dayMs;

/** The id of something made on a day, so many ticks of 10 ms after its beginning; each day has one kind of things. */
export const idAt = (day: number, tick: number): number =>
  composeId({ tick: tickOf(beganMs + day * dayMs) + tick, worker: 255, sequence: 0 });

const idsOf = (count: number, { day, everyTicks }: { day: number; everyTicks: number }): number[] =>
  Array.from({ length: count }, (_, index) => idAt(day, index * everyTicks));

/** Decides by a seed who publishes, likes, follows and comments: the popular get most, the busy do most. */
export function draftOf(size: Size, seed: number): Draft {
  const random = seededRandom(seed);
  const [someUser, someVideo] = [zipfian(random, size.users), zipfian(random, size.videos)];
  const authors = Array.from({ length: size.videos }, someUser);
  const likes = distinctPairs(someUser, someVideo, size.likes);
  const follows = distinctPairs(someUser, someUser, size.follows);
  const comments = Array.from({ length: size.comments }, (): [number, number] => [someUser(), someVideo()]);
  return {
    userIds: idsOf(size.users, { day: 0, everyTicks: 10 }),
    videoIds: idsOf(size.videos, { day: 1, everyTicks: 100 }),
    ...{ authors, likes, follows, comments },
    counts: {
      follow: tally(size.users, follows, ([follower]) => follower),
      follower: tally(size.users, follows, ([, following]) => following),
      received: tally(size.users, likes, ([, video]) => authors[video] ?? 0),
      work: tally(size.users, authors, (author) => author),
      given: tally(size.users, likes, ([user]) => user),
      liked: tally(size.videos, likes, ([, video]) => video),
      discussed: tally(size.videos, comments, ([, video]) => video),
    },
  };
}

function tally<Item>(count: number, items: readonly Item[], indexOf: (item: Item) => number): Uint32Array {
  const counts = new Uint32Array(count);
  for (const item of items) {
    const index = indexOf(item);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
