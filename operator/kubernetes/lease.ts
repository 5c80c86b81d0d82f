import type { V1Lease, V1LeaseSpec } from '@kubernetes/client-node';
import { microTime } from './clock.ts';
import type { Wire } from './objects.ts';

/** A Lease, and its spec, as they travel. */
export type Lease = Wire<V1Lease>;
export type LeaseSpec = Wire<V1LeaseSpec>;

/** A lease as this process saw it last, and when, on its own clock: no other clock can be trusted. */
export interface Observation {
  spec: LeaseSpec;
  atMs: number;
}

/** Who wants the lease, and for how long it is then good without a renewal. */
export interface Candidate {
  identity: string;
  durationSeconds: number;
}

/** Whether the holder's fields have changed, that is, whether it is alive. */
export const isSameHold = (a: LeaseSpec, b: LeaseSpec): boolean =>
  a.holderIdentity === b.holderIdentity && a.renewTime === b.renewTime && a.leaseTransitions === b.leaseTransitions;

/** When a lease that others hold may be taken: now when nobody holds it, else a whole lease after its last sign of life. */
export function freeAtMs({ spec, atMs }: Observation, identity: string): number {
  if (!spec.holderIdentity || spec.holderIdentity === identity) return 0;
  return atMs + (spec.leaseDurationSeconds ?? 0) * 1000;
}

/** The spec with which a candidate takes or renews a lease. */
export function heldSpec(
  { identity, durationSeconds }: Candidate,
  before: LeaseSpec | undefined,
  date: Date,
): LeaseSpec {
  const now = microTime(date);
  const renews = before?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: renews ? (before.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (renews || !before ? 0 : 1),
  };
}

/** The spec with which a holder lets go, so that the next one need not wait. */
export function releasedSpec(before: LeaseSpec, date: Date): LeaseSpec {
  const now = microTime(date);
  return {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: now,
    renewTime: now,
    leaseTransitions: before.leaseTransitions ?? 0,
  };
}
