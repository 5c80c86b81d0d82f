import type { Finding } from '../api/conditions.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import type { DeleteTopics } from '../topics/apply.ts';
import { olderClaimant } from '../topics/claims.ts';
import { desiredTopics } from '../topics/desired.ts';

/** Brokers that do not answer hold up the deletion of a platform, and of its namespace, for so long. */
const patienceSeconds = 300;

/** What became of the topics of a platform that goes away. */
export type TopicsDeleted =
  | { outcome: 'done' }
  /** To be tried again. */
  | { outcome: 'pending'; finding: Finding }
  /** Brokers have not answered for too long: the topics are still there, and somebody has to hear of it. */
  | { outcome: 'left'; note: string };

interface Context {
  findAccess: () => Promise<KafkaAccess>;
  deleteTopics: DeleteTopics;
  platforms: Iterable<TiktokLite>;
  now: Date;
}

/** Deletes the topics of a platform that goes away, where its object says so and they are its own. */
export async function deleteTopicsOf(platform: TiktokLite, context: Context): Promise<TopicsDeleted> {
  const { mode, deletionPolicy } = platform.spec.topics;
  const isOurs = mode === 'builtin' && deletionPolicy === 'Delete' && !olderClaimant(platform, context.platforms);
  if (!isOurs) return { outcome: 'done' };
  const names = desiredTopics(platform).map(({ name }) => name);
  try {
    await context.deleteTopics(await context.findAccess(), names);
    return { outcome: 'done' };
  } catch (error) {
    return notDeleted(platform, error instanceof Error ? error.message : String(error), context.now);
  }
}

function notDeleted(platform: TiktokLite, why: string, now: Date): TopicsDeleted {
  const { topicPrefix } = kafkaAddress(platform);
  const until = new Date(Date.parse(platform.metadata.deletionTimestamp ?? '') + patienceSeconds * 1000);
  const failure = `the topics ${topicPrefix}.* cannot be deleted: ${why}`;
  if (now > until) return { outcome: 'left', note: `${failure}; they are left: delete them by hand` };
  const message = `${failure}; it is tried again until ${until.toISOString()}. To leave them, set topics.deletionPolicy to Retain`;
  return {
    outcome: 'pending',
    finding: { type: 'TopicsReady', status: 'False', reason: 'DeletionPending', message, failed: true },
  };
}
