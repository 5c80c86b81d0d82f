import type { VideoState } from './card.ts';
import type { Work } from './load.ts';

/** The newest videos of an author; `isWhole` when there are no older ones. */
export interface Works {
  works: Work[];
  isWhole: boolean;
}

const letters = { ready: 'r', processing: 'p', failed: 'f' } as const;
const states = new Map<string, VideoState>(
  Object.entries(letters).map(([state, letter]) => [letter, state as VideoState]),
);

/** The list as it is cached: "1 r17 p16 f12", with 0 in front when older ones exist. */
export const worksText = ({ works, isWhole }: Works): string =>
  [isWhole ? 1 : 0, ...works.map(({ id, state }) => `${letters[state]}${id}`)].join(' ');

/** The list of a cached text. */
export function parseWorks(text: string): Works {
  const [whole, ...entries] = text.split(' ');
  const works = entries.map((entry) => ({
    id: Number(entry.slice(1)),
    state: states.get(entry.charAt(0)) ?? 'failed',
  }));
  return { works, isWhole: whole === '1' };
}
