import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Script } from '../../redis/scripts.ts';

/** Where missing keys come from. */
export interface Source<Loaded, Id = number> {
  keyOf: (id: Id) => string;
  leaseOf: (id: Id) => string;
  /** What the rows hold; an id without a row has no entry. */
  load: (ids: readonly Id[]) => Promise<Map<Id, Loaded>>;
  /** Writes what was loaded while the lease holds; false when a write voided it. */
  store: (id: Id, loaded: Loaded | undefined, token: string) => Promise<boolean>;
}

export type Fill<Id = number> = (ids: readonly Id[]) => Promise<void>;

/** A load that takes longer counts as abandoned. */
const leaseMs = 3000;
const maxRounds = 6;
const claims = ['waiting', 'granted', 'present'] as const;

interface Claim<Id> {
  id: Id;
  token: string;
  outcome: (typeof claims)[number];
}

/**
 * Fills missing keys from the rows: one load for each key at a time, in this process and, by a lease, across replicas.
 * Does not promise success: the caller reads again, and asks the rows itself when a key is still missing.
 */
export function createFill<Loaded, Id = number>(source: Source<Loaded, Id>, claim: Script): Fill<Id> {
  const flights = new Map<Id, Promise<void>>();

  const takeOff = (ids: readonly Id[]) => {
    const flight = fillTogether(source, claim, ids).finally(() => {
      for (const id of ids) flights.delete(id);
    });
    for (const id of ids) flights.set(id, flight);
  };

  return async (ids) => {
    const grounded = ids.filter((id) => !flights.has(id));
    if (grounded.length > 0) takeOff(grounded);
    await Promise.all(ids.map((id) => flights.get(id)));
  };
}

async function fillTogether<Loaded, Id>(source: Source<Loaded, Id>, claim: Script, ids: readonly Id[]): Promise<void> {
  let missing = ids;
  for (let round = 0; round < maxRounds && missing.length > 0; round += 1) {
    if (round > 0) await pause(10 * 2 ** round);
    const claimed = await Promise.all(missing.map((id) => claimKey(source, claim, id)));
    const stored = await storeLoaded(
      source,
      claimed.filter(({ outcome }) => outcome === 'granted'),
    );
    missing = claimed.filter(({ id, outcome }) => outcome !== 'present' && !stored.has(id)).map(({ id }) => id);
  }
}

async function claimKey<Loaded, Id>(source: Source<Loaded, Id>, claim: Script, id: Id): Promise<Claim<Id>> {
  const token = randomUUID();
  const reply = await claim([source.keyOf(id), source.leaseOf(id)], [token, leaseMs]);
  return { id, token, outcome: claims[Number(reply)] ?? 'waiting' };
}

async function storeLoaded<Loaded, Id>(source: Source<Loaded, Id>, granted: readonly Claim<Id>[]): Promise<Set<Id>> {
  if (granted.length === 0) return new Set();
  const loaded = await source.load(granted.map(({ id }) => id));
  const stored = await Promise.all(granted.map(({ id, token }) => source.store(id, loaded.get(id), token)));
  return new Set(granted.filter((_, index) => stored[index]).map(({ id }) => id));
}
