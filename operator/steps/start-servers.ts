import type { Finding } from '../api/conditions.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { type EmbeddedServer, embeddedServersOf, type WantedServer } from '../embedded-servers.ts';
import type { ImageDefaults } from '../images.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { type Progress, statefulSetProgress, summary } from '../progress.ts';
import { embeddedPorts } from '../resources/addresses.ts';
import { disruptionBudgetFor } from '../resources/disruption-budget.ts';
import { shortHash } from '../resources/names.ts';
import { serverSecretFor } from '../resources/secret.ts';
import { serverServiceFor } from '../resources/service.ts';
import { statefulSetFor } from '../resources/stateful-set.ts';
import { volumeClaimFor } from '../resources/volume-claim.ts';
import { embeddedFinding, externalFinding } from '../servers/findings.ts';
import type { KnownServer } from '../servers/watch.ts';
import { type Done, WaitError } from './step.ts';

/** What an embedded server logs in with, from its generated Secret: another one restarts it. */
type GeneratedData = Partial<Record<string, Record<string, string>>>;

const secretOf = { mysql: 'database', redis: 'cache', 'object-store': 'object-store', kafka: undefined } as const;

interface Context {
  generated: GeneratedData;
  /** The servers that people run themselves, and what is known of them. */
  external: readonly KnownServer[];
  children: Children;
  images: ImageDefaults;
  /** Takes what is found about each server. */
  findings: Finding[];
}

/**
 * What tells the data of each embedded server from data that it may have later: an emptied one has to be filled again.
 * Nothing about a server whose data is disposable.
 */
export type DataIds = Partial<Record<EmbeddedServer['name'], string>>;

/** Starts the embedded servers, and waits until each server, whoever runs it, can be used. */
export async function startServers(platform: TiktokLite, context: Context): Promise<Done<DataIds>> {
  const { children, external, findings } = context;
  const wanted = embeddedServersOf(platform);
  const servers = await Promise.all(wanted.map((server) => startServer(platform, server, context)));
  const progress = servers.map((server) => server.progress);
  const about = external.map(({ target, health }) => externalFinding(target, health));
  findings.push(...servers.map((server) => embeddedFinding(server.name, server.progress)), ...about);
  const missing = progress.filter(({ complete }) => !complete);
  if (missing.length > 0) {
    throw new WaitError('ServersStarting', await children.withTroubles(`waits for ${summary(missing)}`, missing));
  }
  const unusable = about.filter(({ status }) => status !== 'True');
  const [first] = unusable;
  if (first) throw new WaitError(first.reason, unusable.map(({ message }) => message).join('; '));
  const value: DataIds = Object.fromEntries(servers.map(({ name, dataId }) => [name, dataId]));
  if (servers.length === 0) return { reason: 'ServersExternal', message: 'every server is external', value };
  return { reason: 'ServersReady', message: `${Object.keys(value).join(', ')} take connections`, value };
}

interface StartedServer {
  name: EmbeddedServer['name'];
  progress: Progress;
  dataId: string | undefined;
}

async function startServer(
  platform: TiktokLite,
  wanted: WantedServer,
  { children, images, generated }: Context,
): Promise<StartedServer> {
  const { server, storage } = wanted;
  const { name } = server;
  await children.apply(serverServiceFor(platform, server.name, embeddedPorts[server.name]));
  await children.apply(disruptionBudgetFor(platform, server.name));
  const volumeId = storage.ephemeral ? undefined : await claimVolume(platform, wanted, children);
  const secret = secretOf[server.name];
  const values = (secret && generated[secret]) ?? {};
  if (server.secretFile) await children.apply(serverSecretFor(platform, server, server.secretFile, values));
  const hash = secret ? shortHash(JSON.stringify(generated[secret])) : 'none';
  const progress = statefulSetProgress(
    server.name,
    await children.apply(statefulSetFor(platform, wanted, hash, images)),
  );
  if (server.disposable || !progress.complete) return { name, progress, dataId: undefined };
  return { name, progress, dataId: volumeId ?? (await children.podIdOf(name)) };
}

/** A volume only grows, and nobody's growth of it is undone: what somebody has made larger by hand stays. */
async function claimVolume(platform: TiktokLite, wanted: WantedServer, children: Children): Promise<string> {
  const size = children.volumeOf(wanted.server.name)?.spec?.resources?.requests?.storage;
  const storage =
    size === undefined ? wanted.storage : { ...wanted.storage, size: largerOf(wanted.storage.size, size) };
  const live = await children.apply(volumeClaimFor(platform, { ...wanted, storage }));
  return live.metadata.uid;
}

const largerOf = (one: string | number, other: string | number): string | number =>
  (parseQuantity(one) ?? 0n) >= (parseQuantity(other) ?? 0n) ? one : other;
