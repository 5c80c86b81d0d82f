/** A monotonic clock in ms that a test can put forward: copies in a process are then old. */
export function createMovableClock() {
  let aheadMs = 0;
  return {
    now: (): number => performance.now() + aheadMs,
    putForward: (ms: number): void => {
      aheadMs += ms;
    },
  };
}
