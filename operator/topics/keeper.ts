import type { Clock } from '../kubernetes/clock.ts';
import type { ApplyTopics } from './apply.ts';
import type { DesiredTopic, TopicRefusal } from './plan.ts';

export interface WantedTopics {
  brokers: readonly string[];
  desired: readonly DesiredTopic[];
  /** Tells the brokers' data from what they may have later; absent where nobody knows. */
  dataId: string | undefined;
}

/** Makes topics what is wanted, and asks the brokers only when there is a reason to. */
export interface TopicKeeper {
  keep: (owner: string, wanted: WantedTopics) => Promise<TopicRefusal[]>;
  /** The brokers may have lost what they had: the next time they are asked. */
  forget: (owner: string) => void;
}

interface KeeperOptions {
  apply: ApplyTopics;
  clock: Clock;
  /** How long topics that were found right are trusted to be so. */
  trustSeconds: number;
}

interface Kept {
  wanted: string;
  refusals: TopicRefusal[];
  atMs: number;
}

/** Connections to brokers cost more than everything else of a pass: a topic that was right a moment ago is not looked at again. */
export function createTopicKeeper({ apply, clock, trustSeconds }: KeeperOptions): TopicKeeper {
  const keptByOwner = new Map<string, Kept>();
  return {
    keep: async (owner, { brokers, desired, dataId }) => {
      const wanted = JSON.stringify([brokers, desired, dataId]);
      const kept = keptByOwner.get(owner);
      const isFresh = kept !== undefined && clock.monotonicMs() - kept.atMs < trustSeconds * 1000;
      if (kept && isFresh && kept.wanted === wanted) return kept.refusals;
      try {
        const refusals = await apply(brokers, desired);
        keptByOwner.set(owner, { wanted, refusals, atMs: clock.monotonicMs() });
        return refusals;
      } catch (error) {
        keptByOwner.delete(owner);
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`the topics on ${brokers.join(',')} cannot be arranged: ${reason}`, { cause: error });
      }
    },
    forget: (owner) => void keptByOwner.delete(owner),
  };
}
