import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { embeddedServersOf } from '../embedded-servers.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { volumeClaimFor } from '../resources/volume-claim.ts';
import { generatedSecrets } from '../secrets/generated.ts';
import { releaseSecret } from '../secrets/keep.ts';
import { kafkaTopicsOf } from '../topics/kafka-topic.ts';

/**
 * What owner references cannot do when a platform is deleted: volumes and KafkaTopics get or lose their owner by the newest
 * deletionPolicy, and generated Secrets are no longer held back. Kubernetes deletes the rest.
 */
export async function release(
  platform: TiktokLite,
  { client, children }: { client: Client; children: Children },
): Promise<void> {
  for (const wanted of embeddedServersOf(platform)) {
    const live = children.volumeOf(wanted.server.name);
    if (!live || live.metadata.deletionTimestamp) continue;
    const size = live.spec?.resources?.requests?.storage ?? wanted.storage.size;
    await children.apply(volumeClaimFor(platform, { ...wanted, storage: { ...wanted.storage, size } }));
  }
  for (const manifest of kafkaTopicsOf(platform)) {
    const live = children.kafkaTopicOf(manifest.metadata.name);
    if (live && !live.metadata.deletionTimestamp) await children.apply(manifest);
  }
  await Promise.all(generatedSecrets.map((secret) => releaseSecret(client, platform, secret)));
}
