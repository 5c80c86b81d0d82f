import type { TiktokLite } from '../api/tiktok-lite.ts';
import { kafkaAddress } from '../resources/addresses.ts';

/**
 * The older platform that has the same topics: the same prefix on one of the same brokers. The first one keeps them, by the
 * time at which the object was made, then by its identity; an embedded Kafka belongs to its platform alone.
 */
export function olderClaimant(platform: TiktokLite, platforms: Iterable<TiktokLite>): TiktokLite | undefined {
  if (platform.spec.kafka.embedded) return undefined;
  const { brokers, topicPrefix } = kafkaAddress(platform);
  return [...platforms]
    .filter((other) => isOlder(other, platform))
    .sort((one, two) => (isOlder(one, two) ? -1 : 1))
    .find((other) => {
      const theirs = kafkaAddress(other);
      return theirs.topicPrefix === topicPrefix && theirs.brokers.some((broker) => brokers.includes(broker));
    });
}

const isOlder = ({ metadata: one }: TiktokLite, { metadata: other }: TiktokLite): boolean =>
  one.creationTimestamp === other.creationTimestamp
    ? one.uid < other.uid
    : one.creationTimestamp < other.creationTimestamp;
