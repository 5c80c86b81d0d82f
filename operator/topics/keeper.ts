import { type Backoff, backoffMs } from '../kubernetes/backoff.ts';
import { type Clock, sleep } from '../kubernetes/clock.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import type { ApplyTopics, TopicReport } from './apply.ts';
import type { DesiredTopic } from './plan.ts';

export interface WantedTopics {
  kafka: KafkaAccess;
  desired: readonly DesiredTopic[];
  /** Tells the brokers' data from what they may have later; absent where nobody knows. */
  dataId: string | undefined;
}

/** Makes topics what is wanted, and asks the brokers only when there is a reason to. */
export interface TopicKeeper {
  /** What was found when brokers were asked last, and what cannot be done. Throws TopicsPendingError while brokers are asked or cannot be. */
  keep: (owner: string, wanted: WantedTopics) => Promise<TopicReport>;
  /** The brokers may have lost what they had: the next time they are asked. */
  forget: (owner: string) => void;
  /** Calls back when brokers that a caller did not wait for have answered, or have not. */
  onSettled: (listener: (owner: string) => void) => void;
}

/** Topics are not known to be right: `message` says why. */
export class TopicsPendingError extends Error {
  override readonly name = 'TopicsPendingError';
}

interface KeeperOptions {
  apply: ApplyTopics;
  clock: Clock;
  random?: () => number;
  /** How long topics that were found right are trusted to be so. */
  trustSeconds: number;
}

interface Kept {
  wanted: string;
  report: TopicReport;
  atMs: number;
}

interface Failure {
  reason: string;
  count: number;
  /** Not before then are these brokers asked again, for whichever platform. */
  retryAtMs: number;
}

/** Brokers that do not answer are left alone for so long, by all platforms that share them. */
const brokerBackoff: Backoff = { firstMs: 4_000, longestMs: 60_000, factor: 2, jitter: 0.2 };

/** How long a pass waits for brokers: those that do not answer must not keep other platforms waiting. */
const patienceMs = 400;

/**
 * Connections to brokers cost more than everything else of a pass: a topic that was right a moment ago is not looked at
 * again, and brokers that failed are asked again later, however often platforms are passed over meanwhile.
 */
export function createTopicKeeper({ apply, clock, random = Math.random, trustSeconds }: KeeperOptions): TopicKeeper {
  const keptByOwner = new Map<string, Kept>();
  const failures = new Map<string, Failure>();
  const asking = new Map<string, Promise<void>>();
  const listeners: ((owner: string) => void)[] = [];

  const tell = (owner: string) => {
    for (const listener of listeners) listener(owner);
  };

  const fail = (servers: string, error: unknown) => {
    const count = (failures.get(servers)?.count ?? 0) + 1;
    const reason = error instanceof Error ? error.message : String(error);
    failures.set(servers, {
      reason,
      count,
      retryAtMs: clock.monotonicMs() + backoffMs(brokerBackoff, count, random()),
    });
  };

  const ask = async (owner: string, { kafka, desired }: WantedTopics, wanted: string): Promise<void> => {
    const servers = kafka.brokers.join(',');
    try {
      const report = await apply(kafka, desired);
      failures.delete(servers);
      keptByOwner.set(owner, { wanted, report, atMs: clock.monotonicMs() });
    } catch (error) {
      keptByOwner.delete(owner);
      fail(servers, error);
    } finally {
      asking.delete(owner);
    }
  };

  /** Asks, unless it is being asked already; answers whether that has ended within the patience of a pass. */
  const askPatiently = async (owner: string, topics: WantedTopics, wanted: string): Promise<boolean> => {
    const answer = asking.get(owner) ?? ask(owner, topics, wanted);
    asking.set(owner, answer);
    const patience = new AbortController();
    const ended = await Promise.race([
      answer.then(() => true),
      sleep(clock, patienceMs, patience.signal).then(() => false),
    ]);
    patience.abort();
    if (!ended) void answer.then(() => tell(owner));
    return ended;
  };

  /** Whether brokers that failed are to be asked again; whoever is told so does it, and nobody else. */
  const isDue = (servers: string): boolean => {
    const failure = failures.get(servers);
    if (!failure || clock.monotonicMs() < failure.retryAtMs) return false;
    failures.set(servers, { ...failure, retryAtMs: Number.POSITIVE_INFINITY });
    return true;
  };

  /** Nobody waits for brokers that have failed before. */
  const askBeside = (owner: string, topics: WantedTopics, wanted: string): void => {
    void ask(owner, topics, wanted).then(() => tell(owner));
  };

  return {
    keep: async (owner, topics) => {
      const servers = topics.kafka.brokers.join(',');
      const wanted = JSON.stringify([topics.kafka, topics.desired, topics.dataId]);
      const right = () => {
        const kept = keptByOwner.get(owner);
        const isFresh = kept !== undefined && clock.monotonicMs() - kept.atMs < trustSeconds * 1000;
        return kept && isFresh && kept.wanted === wanted ? kept.report : undefined;
      };
      const unanswered = () => {
        const failure = failures.get(servers);
        if (failure) throw new TopicsPendingError(`the topics on ${servers} cannot be arranged: ${failure.reason}`);
      };
      const known = right();
      if (known) return known;
      if (isDue(servers)) askBeside(owner, topics, wanted);
      unanswered();
      if (await askPatiently(owner, topics, wanted)) unanswered();
      const report = right();
      if (report) return report;
      throw new TopicsPendingError(`${servers} is asked about the topics`);
    },
    forget: (owner) => void keptByOwner.delete(owner),
    onSettled: (listener) => void listeners.push(listener),
  };
}
