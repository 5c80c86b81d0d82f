import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { embeddedServersOf, type WantedServer } from '../embedded-servers.ts';
import type { ImageDefaults } from '../images.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { type Progress, statefulSetProgress, summary } from '../progress.ts';
import { embeddedPorts } from '../resources/addresses.ts';
import { shortHash } from '../resources/names.ts';
import { serverServiceFor } from '../resources/service.ts';
import { statefulSetFor } from '../resources/stateful-set.ts';
import { volumeClaimFor } from '../resources/volume-claim.ts';
import { type Done, WaitError } from './step.ts';

/** What an embedded server logs in with, from its generated Secret: another one restarts it. */
type GeneratedData = Partial<Record<string, Record<string, string>>>;

const secretOf = { mysql: 'database', redis: 'cache', 'object-store': 'object-store', kafka: undefined } as const;

interface Context {
  children: Children;
  images: ImageDefaults;
}

/** Starts the embedded servers and waits until each of them takes connections. */
export async function startServers(
  platform: TiktokLite,
  generated: GeneratedData,
  { children, images }: Context,
): Promise<Done> {
  const progress = await Promise.all(
    embeddedServersOf(platform).map(async (wanted): Promise<Progress> => {
      const { server } = wanted;
      await children.apply(serverServiceFor(platform, server.name, embeddedPorts[server.name]));
      await claimVolume(platform, wanted, children);
      const secret = secretOf[server.name];
      const hash = secret ? shortHash(JSON.stringify(generated[secret])) : 'none';
      const live = await children.apply(statefulSetFor(platform, wanted, hash, images));
      return statefulSetProgress(server.name, live);
    }),
  );
  const missing = progress.filter(({ complete }) => !complete);
  if (missing.length > 0) {
    throw new WaitError('ServersStarting', await children.withTroubles(`waits for ${summary(missing)}`, missing));
  }
  if (progress.length === 0)
    return { reason: 'ServersExternal', message: 'every server is external', value: undefined };
  const names = progress.map(({ name }) => name).join(', ');
  return { reason: 'ServersReady', message: `${names} take connections`, value: undefined };
}

/** A volume only grows, and nobody's growth of it is undone: what somebody has made larger by hand stays. */
async function claimVolume(platform: TiktokLite, wanted: WantedServer, children: Children): Promise<void> {
  if (wanted.storage.ephemeral) return;
  const size = children.volumeOf(wanted.server.name)?.spec?.resources?.requests?.storage;
  const storage =
    size === undefined ? wanted.storage : { ...wanted.storage, size: largerOf(wanted.storage.size, size) };
  await children.apply(volumeClaimFor(platform, { ...wanted, storage }));
}

const largerOf = (one: string | number, other: string | number): string | number =>
  (parseQuantity(one) ?? 0n) >= (parseQuantity(other) ?? 0n) ? one : other;
