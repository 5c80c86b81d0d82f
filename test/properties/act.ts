import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from './cast.ts';
import type { Chance } from './chance.ts';
import { chooseOperation, describeOperation, type Operation } from './operations.ts';
import { readOwn } from './own-reads.ts';
import { doorFor, perform } from './perform.ts';
import type { Stage } from './stage.ts';
import type { Trust, Trusts } from './trust.ts';
import type { Witness } from './witness.ts';

interface Acting {
  me: Person;
  round: number;
  stage: Stage;
  chance: Chance;
  trusts: Trusts;
  witness: Witness;
}

/** One of so many operations is followed by a look at what it changed. */
const oneLookIn = 2;
/** Whoever met a dead process does not hammer on its door. */
const afterLossMs = 30;
/** So often a look is repeated that found something wrong after a like writer died. */
const maxLooks = 8;
const beforeNextLookMs = 300;

/** Lets a person act once and look whether they see it; resolves to whether it was acknowledged. */
export function createActor({ me, round, stage, chance, trusts, witness }: Acting): () => Promise<boolean> {
  let count = 0;

  const act = async (operation: Operation): Promise<boolean> => {
    const door = doorFor(operation, stage.doors, chance);
    const reply = await perform(operation, { ...stage, me, door });
    witness.note(me.id, `${describeOperation(operation)} through ${door.name}: ${reply}`);
    stage.tally.count(`${operation.kind}, ${reply}`);
    if (reply === 'lost') await pause(afterLossMs);
    return reply === 'acknowledged';
  };

  const look = async (operation: Operation): Promise<void> => {
    const [isRemembered, isTold] = [watch(trusts.memory), watch(trusts.telling)];
    const read = readOwn(operation, { ...stage, me, chance });
    let complaints = await read();
    // A count that holds a like twice is put right by whoever sees it: for others, and in copies, a moment later.
    for (let looks = 1; complaints.length > 0 && !isTold() && looks < maxLooks; looks += 1) {
      await pause(beforeNextLookMs);
      complaints = await read();
    }
    const isKept = { always: true, 'while Redis remembers': isRemembered() };
    stage.tally.count(isRemembered() ? 'look at everything' : 'look at all but likes');
    for (const { promised, text } of complaints) if (isKept[promised]) witness.accuse(me.id, text);
  };

  return async () => {
    count += 1;
    const operation = chooseOperation({ ...stage, me, chance, name: `${round}/${me.id}/${count}` });
    const isLooking = chance.below(oneLookIn) === 0;
    try {
      const isAcknowledged = await act(operation);
      if (isLooking) await look(operation);
      return isAcknowledged;
    } catch (error) {
      witness.accuse(me.id, `${describeOperation(operation)}: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  };
}

/** Tells later whether it could be relied on all the time. */
function watch(trust: Trust): () => boolean {
  const epoch = trust.epoch();
  return () => epoch !== undefined && epoch === trust.epoch();
}
