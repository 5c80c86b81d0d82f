const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A 29th of February comes round within eight years, also at the turn of a century. */
const longestWaitDays = 8 * 366;

const bounds = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12 },
  { from: 0, to: 6 },
] as const;

/** The last time at or before `now` at which a cron schedule is due, in UTC; undefined when it never is, as on 31 February. */
export function lastDue(schedule: string, now: Date): Date | undefined {
  const texts = schedule.split(' ');
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = bounds.map((bound, index) =>
    numbersOf(texts[index] ?? '*', bound),
  ) as [number[], number[], number[], number[], number[]];
  // As cron has it: when both days are restricted, either of them is enough.
  const either = !texts[2]?.startsWith('*') && !texts[4]?.startsWith('*');
  const isDue = (day: Date) => {
    const [inMonth, inWeek] = [daysOfMonth.includes(day.getUTCDate()), daysOfWeek.includes(day.getUTCDay())];
    return months.includes(day.getUTCMonth() + 1) && (either ? inMonth || inWeek : inMonth && inWeek);
  };
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * minuteMs));
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  for (let midnight = today; midnight > today - longestWaitDays * dayMs; midnight -= dayMs) {
    if (!isDue(new Date(midnight))) continue;
    const time = times.findLast((sinceMidnight) => midnight + sinceMidnight <= now.getTime());
    if (time !== undefined) return new Date(midnight + time);
  }
  return undefined;
}

/** `1-5,20/10` → the numbers, ascending. A range that ends before it begins goes round. */
function numbersOf(text: string, { from, to }: { from: number; to: number }): number[] {
  const all = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const chosen = text.split(',').flatMap((item) => {
    const [range = '*', step] = item.split('/');
    const [first, last = step === undefined ? first : to] = range === '*' ? [from, to] : range.split('-').map(Number);
    const turned = all.filter((number) =>
      Number(first) <= Number(last)
        ? number >= Number(first) && number <= Number(last)
        : number >= Number(first) || number <= Number(last),
    );
    return turned.filter((number) => (number - Number(first)) % Number(step ?? 1) === 0);
  });
  return all.filter((number) => chosen.includes(number));
}
