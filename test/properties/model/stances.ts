/** Whether a request was answered with success, or nobody knows whether it was carried out. */
export type Reply = 'acknowledged' | 'lost';

/** What a person last said about each target: a like or its taking back, a follow or its end. */
export interface Stances {
  /** Said after everything that was said before; a lost reply leaves both possible. */
  said(target: number, on: boolean, reply: Reply): void;
  allows(target: number, on: boolean): boolean;
  /** Targets that are on for sure. */
  certain(): Set<number>;
  /** Targets of which nobody knows. */
  uncertain(): Set<number>;
  /** Targets that are on and of which it is known when they became so, the last one first. */
  inOrder(): number[];
  /** Once nothing is under way any more, the rows tell what lost replies had left open. */
  learn(on: ReadonlySet<number>): void;
}

interface Stance {
  possible: ReadonlySet<boolean>;
  /** When it became what it is; undefined when that is not known. */
  since: number | undefined;
}

/** A person has no stance towards anything at first. */
export function createStances(): Stances {
  const stances = new Map<number, Stance>();
  const off: Stance = { possible: new Set([false]), since: undefined };
  let saidSoFar = 0;
  const stanceTo = (target: number) => stances.get(target) ?? off;
  const only = (on: boolean): ReadonlySet<boolean> => new Set([on]);
  const targets = (matches: (stance: Stance) => boolean) =>
    [...stances].filter(([, stance]) => matches(stance)).map(([target]) => target);
  const isOn = ({ possible }: Stance) => !possible.has(false);

  return {
    said: (target, on, reply) => {
      saidSoFar += 1;
      const { possible, since } = stanceTo(target);
      const wasKnown = possible.size === 1;
      const isRepetition = wasKnown && possible.has(on);
      if (isRepetition) return;
      if (reply === 'lost') stances.set(target, { possible: new Set([...possible, on]), since: undefined });
      else stances.set(target, { possible: only(on), since: wasKnown ? saidSoFar : since });
    },
    allows: (target, on) => stanceTo(target).possible.has(on),
    certain: () => new Set(targets(isOn)),
    uncertain: () => new Set(targets(({ possible }) => possible.size > 1)),
    inOrder: () =>
      targets((stance) => isOn(stance) && stance.since !== undefined).toSorted(
        (a, b) => (stanceTo(b).since ?? 0) - (stanceTo(a).since ?? 0),
      ),
    learn: (on) => {
      for (const [target, { possible, since }] of stances)
        stances.set(target, { possible: only(on.has(target)), since: possible.size > 1 ? undefined : since });
    },
  };
}
