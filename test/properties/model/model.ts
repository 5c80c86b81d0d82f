import { type Comments, createComments } from './comments.ts';
import { createStances, type Stances } from './stances.ts';

/** A video that somebody tried to publish, known by its title. */
export interface Publication {
  title: string;
  authorId: number;
  /** Whether it can be transcoded. */
  isPlayable: boolean;
  isCertain: boolean;
}

/** What must be true of the platform, derived from nothing but requests and their replies. */
export interface Model {
  /** Which videos a person likes. */
  likesOf(personId: number): Stances;
  /** Whom a person follows. */
  followsOf(personId: number): Stances;
  comments: Comments;
  publications: Publication[];
}

/** Of a platform on which nothing has happened yet. */
export function createModel(): Model {
  const likes = new Map<number, Stances>();
  const follows = new Map<number, Stances>();
  const stancesIn = (all: Map<number, Stances>) => (personId: number) => {
    const stances = all.get(personId) ?? createStances();
    all.set(personId, stances);
    return stances;
  };
  return {
    likesOf: stancesIn(likes),
    followsOf: stancesIn(follows),
    comments: createComments(),
    publications: [],
  };
}
