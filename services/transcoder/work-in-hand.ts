import type { Work } from './job/work.ts';

/** Work, and what of it is in hand: who takes workers away asks each of them, and lets those go that would lose nothing. */
export function noteWorkInHand(work: Work): { work: Work; inHand: () => { jobs: number; busySeconds: number } } {
  const begunAtMs = new Set<number>();
  return {
    work: async (videoId) => {
      const beganMs = performance.now();
      begunAtMs.add(beganMs);
      try {
        return await work(videoId);
      } finally {
        begunAtMs.delete(beganMs);
      }
    },
    inHand: () => {
      const oldestMs = Math.min(...begunAtMs, performance.now());
      return { jobs: begunAtMs.size, busySeconds: Math.round((performance.now() - oldestMs) / 1000) };
    },
  };
}
