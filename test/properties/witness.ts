/** Collects what must not happen, and with it what led to it. */
export interface Witness {
  /** What a person did, and what came of it. */
  note(personId: number, line: string): void;
  accuse(personId: number, line: string): void;
  /** So much is wrong that nothing can be learned from going on. */
  hasSeenEnough(): boolean;
  accusations(): readonly string[];
}

const remembered = 25;
const enough = 5;

/** Remembers the last deeds of everybody. */
export function createWitness(): Witness {
  const startMs = performance.now();
  const deeds = new Map<number, string[]>();
  const accusations: string[] = [];
  const stamped = (line: string) => `${((performance.now() - startMs) / 1_000).toFixed(3)} ${line}`;
  return {
    note: (personId, line) => {
      deeds.set(personId, [...(deeds.get(personId) ?? []), stamped(line)].slice(-remembered));
    },
    accuse: (personId, line) => {
      const before = (deeds.get(personId) ?? []).map((deed) => `    ${deed}`).join('\n');
      accusations.push(`${stamped(`person ${personId}: ${line}`)}\n  after\n${before}`);
    },
    hasSeenEnough: () => accusations.length >= enough,
    accusations: () => accusations,
  };
}
