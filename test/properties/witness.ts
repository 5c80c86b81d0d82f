/** Collects what must not happen, and with it what led to it. */
export interface Witness {
  /** What a person did, and what came of it. */
  note(personId: number, line: string): void;
  /** What went wrong around them. */
  noteFault(line: string): void;
  /** Somebody, or nobody in particular, saw what must not be. */
  accuse(personId: number | undefined, line: string): void;
  /** So much is wrong that nothing can be learned from going on. */
  hasSeenEnough(): boolean;
  accusations(): readonly string[];
}

const rememberedDeeds = 25;
const rememberedFaults = 12;
const enough = 5;

/** Remembers the last deeds of everybody. */
export function createWitness(): Witness {
  const startMs = performance.now();
  const deeds = new Map<number, string[]>();
  const faults: string[] = [];
  const accusations: string[] = [];
  const stamped = (line: string) => `${((performance.now() - startMs) / 1_000).toFixed(3)} ${line}`;
  const listed = (what: string, lines: readonly string[]) =>
    [`  ${what}`, ...lines.map((line) => `    ${line}`)].join('\n');
  return {
    note: (personId, line) => {
      deeds.set(personId, [...(deeds.get(personId) ?? []), stamped(line)].slice(-rememberedDeeds));
    },
    noteFault: (line) => {
      faults.push(stamped(line));
    },
    accuse: (personId, line) => {
      const who = personId === undefined ? '' : `person ${personId}: `;
      const circumstances = [
        listed('after', (personId && deeds.get(personId)) || []),
        listed('while', faults.slice(-rememberedFaults)),
      ];
      accusations.push([stamped(who + line), ...circumstances].join('\n'));
    },
    hasSeenEnough: () => accusations.length >= enough,
    accusations: () => accusations,
  };
}
