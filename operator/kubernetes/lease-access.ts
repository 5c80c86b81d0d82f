import type { CallOptions } from './caller.ts';
import type { Client } from './client-types.ts';
import type { Clock } from './clock.ts';
import { isAlreadyExists, isConflict } from './errors.ts';
import { freeAtMs, heldSpec, isSameHold, type Lease, type LeaseSpec, type Observation, releasedSpec } from './lease.ts';
import type { Live } from './objects.ts';
import { apiVersionOf, resources } from './resources.ts';

interface LeaseAccessOptions {
  client: Pick<Client, 'find' | 'create' | 'patchMerge'>;
  namespace: string;
  name: string;
  identity: string;
  durationSeconds: number;
  clock: Clock;
}

/** One Lease as one candidate reads and writes it. Every write names the version it is based on. */
export interface LeaseAccess {
  /** Takes or renews the lease; false when somebody else has it, or was quicker. */
  hold: (options: CallOptions) => Promise<boolean>;
  release: (options: CallOptions) => Promise<void>;
  /** When the lease could be taken, if its holder gives no sign of life. */
  freeAtMs: () => number;
}

export function createLeaseAccess(options: LeaseAccessOptions): LeaseAccess {
  const { client, namespace, name, identity, durationSeconds, clock } = options;
  const key = { namespace, name };
  const candidate = { identity, durationSeconds };
  let observed: (Observation & { resourceVersion: string }) | undefined;

  const observe = ({ spec = {}, metadata }: Live<Lease>) => {
    const atMs = observed && isSameHold(observed.spec, spec) ? observed.atMs : clock.monotonicMs();
    observed = { spec, atMs, resourceVersion: metadata.resourceVersion };
    return observed;
  };

  const write = async (spec: LeaseSpec, resourceVersion: string, call: CallOptions): Promise<boolean> => {
    try {
      observe(await client.patchMerge(resources.leases, key, { metadata: { resourceVersion }, spec }, call));
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Somebody wrote it since: read it again next time.
      observed = observed && { ...observed, resourceVersion: '' };
      return false;
    }
  };

  const create = async (call: CallOptions): Promise<boolean> => {
    const { leases } = resources;
    const spec = heldSpec(candidate, undefined, clock.date());
    const lease = { apiVersion: apiVersionOf(leases), kind: leases.kind, metadata: key, spec };
    try {
      observe(await client.create(leases, lease, call));
      return true;
    } catch (error) {
      if (isAlreadyExists(error)) return false;
      throw error;
    }
  };

  const renewal = (spec: LeaseSpec) => heldSpec(candidate, spec, clock.date());

  return {
    freeAtMs: () => (observed ? freeAtMs(observed, identity) : 0),
    hold: async (call) => {
      // A holder need not read: the version tells the server whether anything has changed.
      if (observed?.resourceVersion && observed.spec.holderIdentity === identity) {
        if (await write(renewal(observed.spec), observed.resourceVersion, call)) return true;
      }
      const lease = await client.find(resources.leases, key, call);
      if (!lease) return create(call);
      const found = observe(lease);
      if (freeAtMs(found, identity) > clock.monotonicMs()) return false;
      return write(renewal(found.spec), found.resourceVersion, call);
    },
    release: async (call) => {
      // A renewal that was given up on its way may have been stored: what is known of the lease is then outdated.
      for (let tries = 0; tries < 3; tries += 1) {
        const lease = observed?.resourceVersion ? undefined : await client.find(resources.leases, key, call);
        if (lease) observe(lease);
        if (observed?.spec.holderIdentity !== identity) return;
        if (await write(releasedSpec(observed.spec, clock.date()), observed.resourceVersion, call)) return;
      }
      throw new Error('somebody else writes to the lease all the time');
    },
  };
}
