const everyMs = 10_000;

/** Lets a report through now and then: what goes wrong at each request must not flood the log. */
export function createSeldom(now: () => number = () => performance.now()): (report: () => void) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (report) => {
    if (now() - lastMs < everyMs) return;
    lastMs = now();
    report();
  };
}
