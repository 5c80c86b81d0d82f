/** One limit of how much may change within a period, as a HorizontalPodAutoscaler has it. */
export interface ScalingPolicy {
  type: 'Pods' | 'Percent';
  value: number;
  periodSeconds: number;
}

/** How one direction is held back; without policies it is not. */
export interface ScalingRules {
  stabilizationWindowSeconds: number;
  /** Which of several policies counts: the one that allows most, the one that allows least, or no change at all. */
  selectPolicy: 'Max' | 'Min' | 'Disabled';
  policies: readonly ScalingPolicy[];
}

/** A change that was carried out. */
export interface Change {
  atMs: number;
  from: number;
  to: number;
}

interface Now {
  current: number;
  changes: readonly Change[];
  nowMs: number;
}

/** How many there would be, had nothing been changed within the period. */
function atStartOf(periodSeconds: number, { current, changes, nowMs }: Now): number {
  const within = changes.filter(({ atMs }) => atMs > nowMs - periodSeconds * 1_000);
  return within.reduce((replicas, { from, to }) => replicas - (to - from), current);
}

/** The most that these rules allow now. */
export function mostAllowed({ selectPolicy, policies }: ScalingRules, now: Now): number {
  if (selectPolicy === 'Disabled') return now.current;
  if (policies.length === 0) return Number.POSITIVE_INFINITY;
  const allowed = policies.map(({ type, value, periodSeconds }) => {
    const start = atStartOf(periodSeconds, now);
    return type === 'Pods' ? start + value : Math.ceil(start + (start * value) / 100);
  });
  const most = selectPolicy === 'Max' ? Math.max(...allowed) : Math.min(...allowed);
  return Math.max(most, now.current);
}

/** The fewest that these rules allow now. */
export function fewestAllowed({ selectPolicy, policies }: ScalingRules, now: Now): number {
  if (selectPolicy === 'Disabled') return now.current;
  if (policies.length === 0) return 0;
  const allowed = policies.map(({ type, value, periodSeconds }) => {
    const start = atStartOf(periodSeconds, now);
    return type === 'Pods' ? start - value : Math.floor(start - (start * value) / 100);
  });
  const fewest = selectPolicy === 'Max' ? Math.min(...allowed) : Math.max(...allowed);
  return Math.min(fewest, now.current);
}
