import type { buildPlatform } from '../build-platform.ts';
import type { Effect } from './effect.ts';

export type GivenSpec = NonNullable<Parameters<typeof buildPlatform>[0]>;

/** Shows what a field does: the rollout of an object with it, beside that of an object that differs in nothing else. */
export interface Proof {
  /** What both objects say; the rest has its default. */
  given?: GivenSpec;
  /** Value of the field in one of them. */
  to: unknown;
  /** Everything that is different then. A pattern stands for a long text. */
  makes: Effect;
}

/** A test that shows what a field does where no rollout does: its file from the root of the repository, and its title. */
export interface ProofElsewhere {
  file: string;
  title: string;
}

/** Proofs by field. */
export type Proofs = Record<string, Proof | ProofElsewhere>;

/** A part of the effect for each of these names. */
export const each = <Name extends string>(names: readonly Name[], effect: (name: Name) => Effect): Effect =>
  Object.assign({}, ...names.map(effect));

/** Components that are told a plain setting. */
export const told = (components: readonly string[], setting: string, value: unknown): Effect =>
  each(components, (component) => ({ [`ConfigMap demo-${component} data ${setting}`]: value }));

/** Components that are told a secret one. */
export const toldInSecret = (components: readonly string[], setting: string, value: unknown): Effect =>
  each(components, (component) => ({ [`Secret demo-${component} data ${setting}`]: value }));

export const apis = ['auth', 'user', 'video', 'publish'] as const;
export const services = [...apis, 'like-writer'] as const;
/** What has a Job or a Deployment of its own and reads from the database. */
export const processes = [...services, 'transcoder', 'migrate', 'warmup'] as const;

/** Who may connect to a port elsewhere, by the place of the rule. */
export const letOut = (names: readonly string[], place: number, port: number): Effect =>
  each(names, (name) => ({ [`NetworkPolicy demo-${name} spec egress ${place} ports 0 port`]: port }));

/** Jobs of maintenance are let out as well; nothing else of theirs is there before somebody starts one. */
export const letOutWithMaintenance = (names: readonly string[], place: number, port: number): Effect =>
  letOut([...names, 'maintenance'], place, port);

/** Processes that read from each server. */
export const readersOf = {
  database: processes,
  cache: processes.filter((name) => name !== 'migrate'),
  kafka: ['video', 'publish', 'like-writer', 'transcoder'],
  objectStore: ['video', 'publish', 'transcoder', 'migrate'],
} as const;
