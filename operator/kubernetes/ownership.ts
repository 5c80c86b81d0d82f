import { keyText, type Live, type Manifest, type OwnerReference } from './objects.ts';

/** An object of the wanted name is there, and it is not ours to change. */
export class ForeignObjectError extends Error {
  override readonly name = 'ForeignObjectError';
}

const controllerOf = ({ metadata }: Manifest | Live): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

/**
 * Why the desired object must not replace the live one, or undefined. Ours is what our owner controls; an object without
 * a controller but with all our labels is an orphan of ours, left by a deletion that kept it, and is adopted. One that is to
 * have no owner is ours by its labels alone.
 */
export function ownershipProblem(desired: Manifest, live: Live): string | undefined {
  const owner = controllerOf(desired);
  const holder = controllerOf(live);
  const { labels = {} } = desired.metadata;
  const name = `${live.kind} ${keyText(live.metadata)}`;
  if (!owner) return hasLabels(live, labels) ? undefined : notOurs(name);
  if (holder?.uid === owner.uid) return undefined;
  if (holder && holder.kind === owner.kind && holder.name === owner.name)
    return `${name} still belongs to a deleted ${holder.kind} of this name; it goes with it`;
  if (holder) return `${name} belongs to ${holder.kind} ${holder.name}: delete or rename one of them`;
  return Object.keys(labels).length > 0 && hasLabels(live, labels) ? undefined : notOurs(name);
}

const notOurs = (name: string): string => `${name} exists and was not made by this operator: delete or rename it`;

const hasLabels = ({ metadata }: Live, labels: Record<string, string>): boolean =>
  Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value);
