interface LeaseOptions {
  /** Prolongs the lease; false when somebody else has it now. */
  renew(): Promise<boolean>;
  leaseMs: number;
  clock?: () => number;
}

/** Someone else owns the work now, or may: whoever gets this stops and writes nothing. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease on this transcode is lost: another process goes on with it');
    this.name = 'LeaseLost';
  }
}

export interface KeptLease {
  /** Aborts with LeaseLost. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Renews a lease while the work goes on. A database that cannot be reached is bridged until the lease may be over by
 * our own clock, which starts before the question and so is never late.
 */
export function keepLease({ renew, leaseMs, clock = () => performance.now() }: LeaseOptions): KeptLease {
  const lost = new AbortController();
  let untilMs = clock() + leaseMs;

  const renewOnce = async () => {
    const askedMs = clock();
    try {
      if (await renew()) untilMs = askedMs + leaseMs;
      else lose();
    } catch {
      if (clock() >= untilMs) lose();
    }
  };
  const timer = setInterval(() => void renewOnce(), leaseMs / 3);
  const stop = () => clearInterval(timer);
  const lose = () => {
    stop();
    lost.abort(new LeaseLost());
  };
  return { signal: lost.signal, stop };
}
