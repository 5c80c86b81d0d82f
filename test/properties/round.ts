import { createActor } from './act.ts';
import { watchForNegatives } from './audit/negatives.ts';
import { createChance } from './chance.ts';
import { createFaults } from './faults.ts';
import type { Form } from './form.ts';
import { planRound } from './plan.ts';
import type { Stage } from './stage.ts';
import { createTrust, type Trusts } from './trust.ts';
import type { Witness } from './witness.ts';

interface RoundOptions {
  stage: Stage;
  form: Form;
  seed: string;
  round: number;
  witness: Witness;
}

/**
 * Everybody acts at once, each in sequence, while faults strike; resolves when nothing is under way and everything that
 * was broken is whole again. What must not happen goes to the witness.
 */
export async function playRound({ stage, form, seed, round, witness }: RoundOptions): Promise<void> {
  const { cast, queues, tally } = stage;
  const acting = new Map<number, Promise<unknown>>();
  const restoring = {
    answered: async () => void (await Promise.allSettled(acting.values())),
    likesWritten: () => queues.likesWritten(),
  };
  const trusts: Trusts = { memory: createTrust(restoring), telling: createTrust(restoring) };
  const chanceOf = (purpose: string) => createChance(seed, `${purpose} of round ${round}`);
  const faults = createFaults({ ...stage, trusts, witness, chance: chanceOf('faults') });
  const planned = planRound(chanceOf('plan'), form);
  let acknowledged = 0;

  const strikeWhatIsDue = () => {
    while (planned[0] && planned[0].afterOperations <= acknowledged) {
      const [due] = planned.splice(0, 1);
      if (due) faults.strike(due.fault);
    }
  };

  const playPart = async (me: (typeof cast.persons)[number]): Promise<void> => {
    const actOnce = createActor({ me, round, stage, chance: chanceOf(`person ${me.id}`), trusts, witness });
    while (acknowledged < form.operations && !witness.hasSeenEnough()) {
      strikeWhatIsDue();
      const act = actOnce();
      acting.set(me.id, act);
      if (await act) acknowledged += 1;
    }
  };

  const negatives = watchForNegatives(stage.db);
  await Promise.all(cast.persons.map(playPart));
  for (const negative of await negatives.stop()) witness.accuse(undefined, negative);
  acting.clear();
  tally.count('operation acknowledged', acknowledged);
  await faults.over();
  await Promise.all([trusts.memory.restored(), trusts.telling.restored()]);
}
