import type { V1Secret } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { TerminalError } from '../kubernetes/errors.ts';
import type { Live, Manifest } from '../kubernetes/objects.ts';
import { resources } from '../kubernetes/resources.ts';
import { labelsOf } from '../resources/labels.ts';
import { childName } from '../resources/names.ts';
import { decoded, encoded } from '../resources/secret.ts';
import type { GeneratedSecret, RandomText } from './generated.ts';

/** Holds a generated Secret back when somebody deletes it, until its data is safe. */
export const keepFinalizer = 'tiktoklite.dev/keep';

/** On a Secret that was made again from its copy: the copy may still be there. */
const restoredAnnotation = 'tiktoklite.dev/restored';

type Secret = Live<V1Secret>;

export interface SecretKeeper {
  client: Client;
  randomText: RandomText;
  /** Whether the volume of an embedded server is there. */
  hasVolume: (platform: TiktokLite, server: string) => boolean;
}

const copyName = (name: string): string => `${name}-copy`;

const manifestOf = (platform: TiktokLite, name: string, data: Record<string, string>): Manifest<V1Secret> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace: platform.metadata.namespace,
    labels: labelsOf(platform, 'secrets'),
    finalizers: [keepFinalizer],
  },
  type: 'Opaque',
  data,
});

const isHeld = ({ metadata }: Secret): boolean => metadata.finalizers?.includes(keepFinalizer) ?? false;

/**
 * The data of a generated Secret, made up if it never was. One that somebody deletes is held back by its finalizer; a
 * copy is written first, then the old one is let go and a new one made from the copy. Wherever this is interrupted, the
 * data is in at least one object that has the finalizer, and the next pass goes on from there.
 */
export async function keepSecret(
  keeper: SecretKeeper,
  platform: TiktokLite,
  secret: GeneratedSecret,
): Promise<Record<string, string>> {
  const { client } = keeper;
  const key = keyOf(platform, childName(platform, secret.name));
  let live = await client.find(resources.secrets, key);
  if (live?.metadata.deletionTimestamp) {
    await copy(keeper, platform, live);
    await letGo(client, live);
    live = undefined;
  }
  live ??= await make(keeper, platform, secret);
  await settle(keeper, platform, live);
  return checked(secret, live);
}

const keyOf = (platform: TiktokLite, name: string) => ({ namespace: platform.metadata.namespace, name });

/** Writes down the data of a Secret that is going away; a copy that says something else is out of date. */
async function copy({ client }: SecretKeeper, platform: TiktokLite, live: Secret): Promise<void> {
  const name = copyName(live.metadata.name);
  const known = await client.find(resources.secrets, keyOf(platform, name));
  const manifest = manifestOf(platform, name, live.data ?? {});
  if (!known) await client.create(resources.secrets, manifest);
  else if (JSON.stringify(known.data) !== JSON.stringify(live.data)) {
    await client.patchMerge(resources.secrets, keyOf(platform, name), { data: live.data });
  }
}

/** Takes our finalizer off exactly this version of the Secret; one that is already gone is what was wanted. */
async function letGo(client: Client, { metadata }: Secret): Promise<void> {
  const finalizers = metadata.finalizers?.filter((name) => name !== keepFinalizer) ?? [];
  if (finalizers.length === (metadata.finalizers?.length ?? 0)) return;
  const changes = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
  await client.patchMerge(resources.secrets, { namespace: metadata.namespace, name: metadata.name }, changes);
}

/** From the copy where there is one; made up otherwise. */
async function make(keeper: SecretKeeper, platform: TiktokLite, secret: GeneratedSecret): Promise<Secret> {
  const name = childName(platform, secret.name);
  const known = await keeper.client.find(resources.secrets, keyOf(platform, copyName(name)));
  if (!known) refuseToMakeUpAgain(keeper, platform, secret);
  const manifest = manifestOf(platform, name, known?.data ?? encoded(secret.generate(keeper.randomText)));
  if (known) manifest.metadata.annotations = { [restoredAnnotation]: 'true' };
  return keeper.client.create(resources.secrets, manifest);
}

function refuseToMakeUpAgain({ hasVolume }: SecretKeeper, platform: TiktokLite, secret: GeneratedSecret): void {
  const server = secret.opensVolumeOf;
  if (!server || !hasVolume(platform, server)) return;
  const name = childName(platform, secret.name);
  throw new TerminalError(
    `the Secret ${name} is gone while the volume ${childName(platform, server)}, which opens only with its passwords, is there: ` +
      `restore the Secret from a backup (keys ${secret.keys.join(', ')}), or delete the volume to start empty`,
  );
}

/** Gives a Secret that was found its labels and its finalizer back, and removes a copy that is no longer needed. */
async function settle({ client }: SecretKeeper, platform: TiktokLite, live: Secret): Promise<void> {
  const { metadata } = live;
  const wasRestored = metadata.annotations?.[restoredAnnotation] !== undefined;
  if (wasRestored) await removeCopy(client, platform, metadata.name);
  const labels = labelsOf(platform, 'secrets');
  const isLabelled = Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value);
  if (isHeld(live) && isLabelled && !wasRestored) return;
  await client.patchMerge(resources.secrets, keyOf(platform, metadata.name), {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      labels,
      annotations: { [restoredAnnotation]: null },
      finalizers: [...(metadata.finalizers ?? []).filter((name) => name !== keepFinalizer), keepFinalizer],
    },
  });
}

async function removeCopy(client: Client, platform: TiktokLite, name: string): Promise<void> {
  const known = await client.find(resources.secrets, keyOf(platform, copyName(name)));
  if (known) await remove(client, known);
}

async function remove(client: Client, live: Secret): Promise<void> {
  await letGo(client, live);
  await client.delete(
    resources.secrets,
    { namespace: live.metadata.namespace, name: live.metadata.name },
    { uid: live.metadata.uid },
  );
}

function checked(secret: GeneratedSecret, live: Secret): Record<string, string> {
  const values = decoded(live.data);
  const missing = secret.keys.filter((key) => !values[key]);
  if (missing.length > 0) {
    throw new TerminalError(`the Secret ${live.metadata.name} lacks ${missing.join(', ')}: add what is missing`);
  }
  return values;
}

/**
 * The platform goes away: nothing is held back any longer. What is retained stays, without a finalizer and without an
 * owner, for the next platform of this name; where a restoration was under way that is the copy. The rest is deleted.
 */
export async function releaseSecret(client: Client, platform: TiktokLite, secret: GeneratedSecret): Promise<void> {
  const name = childName(platform, secret.name);
  const [live, known] = await Promise.all([
    client.find(resources.secrets, keyOf(platform, name)),
    client.find(resources.secrets, keyOf(platform, copyName(name))),
  ]);
  const retain = platform.spec.deletionPolicy === 'Retain';
  const isSafe = live !== undefined && !live.metadata.deletionTimestamp;
  if (live) await (retain ? letGo(client, live) : remove(client, live));
  if (known) await (retain && !isSafe ? letGo(client, known) : remove(client, known));
}
