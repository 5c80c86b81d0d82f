import { contentHash } from './content-hash.ts';
import { intruders } from './managed-fields.ts';
import type { Live, Manifest } from './objects.ts';
import { type Difference, differences } from './subset.ts';

/** What has to be done so that an object is as desired, and why. */
export type Verdict =
  | { action: 'none' }
  | { action: 'apply' | 'take over'; reason: string; differences: readonly Difference[] };

/**
 * The manifest as it is applied: `stringData` of Secrets becomes `data`, because server-side apply keeps no record of
 * it, and an annotation gets the hash of it all, by which a later pass sees that nothing new is asked for.
 */
export function prepare<T extends object>(manifest: Manifest<T>, hashAnnotation: string): Manifest<T> {
  const { metadata, stringData, ...content } = manifest as Manifest & {
    stringData?: Record<string, string>;
    data?: object;
  };
  const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  const plain = { ...content, ...(stringData ? { data: { ...content.data, ...Object.fromEntries(encoded) } } : {}) };
  const annotations = { ...metadata.annotations, [hashAnnotation]: contentHash({ ...plain, metadata }) };
  return { ...plain, metadata: { ...metadata, annotations } } as Manifest<T>;
}

/**
 * Compares a prepared manifest with the live object, reduced by `reduceManagedFields`. `tolerated` are differences that
 * the server itself insists on. Pure; "none" on every object that is as the last pass left it.
 */
export function judgeDrift(
  desired: Manifest,
  live: Live | undefined,
  { hashAnnotation, tolerated = '' }: { hashAnnotation: string; tolerated?: string },
): Verdict {
  if (!live) return { action: 'apply', reason: 'it does not exist', differences: [] };
  const holders = intruders(live, { leavesReplicas: leavesReplicas(desired) });
  if (holders.length > 0)
    return { action: 'take over', reason: `fields were set by ${holders.join(', ')}`, differences: [] };
  if (hashOf(live, hashAnnotation) !== hashOf(desired, hashAnnotation))
    return { action: 'apply', reason: 'something else is desired than before', differences: [] };
  const found = differences(desired, live);
  if (found.length === 0 || fingerprint(found) === tolerated) return { action: 'none' };
  return { action: 'apply', reason: `changed: ${found.map(({ path }) => path).join(', ')}`, differences: found };
}

const hashOf = ({ metadata }: Manifest | Live, hashAnnotation: string): string | undefined =>
  metadata.annotations?.[hashAnnotation];

/** Differences as one text: the same again after an apply means that applying does not help. */
export const fingerprint = (found: readonly Difference[]): string => (found.length === 0 ? '' : contentHash(found));

/** Replicas that a manifest leaves out belong to an autoscaler. */
export const leavesReplicas = (desired: Manifest): boolean =>
  (desired as { spec?: { replicas?: number } }).spec?.replicas === undefined;
