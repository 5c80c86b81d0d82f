const stepPercents = 5;
const leastPauseMs = 1_000;

/** Passes on only percents that are worth a write: five more than the last, and a second later. */
export function everyFewPercents(
  note: (percent: number) => void,
  now: () => number = Date.now,
): (percent: number) => void {
  let [notedPercent, notedMs] = [0, Number.NEGATIVE_INFINITY];
  return (percent) => {
    if (percent < notedPercent + stepPercents || now() < notedMs + leastPauseMs) return;
    [notedPercent, notedMs] = [percent, now()];
    note(percent);
  };
}
