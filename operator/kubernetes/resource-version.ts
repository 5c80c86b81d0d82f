import type { Live } from './objects.ts';

const versionOf = (of: Live | string): string => (typeof of === 'string' ? of : of.metadata.resourceVersion);

/**
 * Whether the first was written after the second. Versions of one resource are whole numbers that grow (the API's rule
 * since 1.35, and etcd's before it); where a server does otherwise, what comes later is taken to be newer.
 */
export function isNewer(first: Live | string, second: Live | string): boolean {
  const [a, b] = [versionOf(first), versionOf(second)];
  if (!isNumber(a) || !isNumber(b)) return a !== b;
  return a.length === b.length ? a > b : a.length > b.length;
}

const isNumber = (version: string): boolean => /^[1-9]\d*$/.test(version);
