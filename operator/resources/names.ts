import { createHash } from 'node:crypto';
import type { TiktokLite } from '../api/tiktok-lite.ts';

/** `demo` and `video` → `demo-video`: the name of everything that belongs to the component. */
export const childName = (platform: TiktokLite, component: string): string => `${platform.metadata.name}-${component}`;

/** What names on shared servers start with when the object names no prefix. */
export const defaultPrefix = (platform: TiktokLite): string =>
  `${platform.metadata.namespace}.${platform.metadata.name}`;

/** A Service as every namespace and a broker's clients can resolve it. */
export const serviceHost = (platform: TiktokLite, component: string): string =>
  `${childName(platform, component)}.${platform.metadata.namespace}.svc`;

/** IPv6 addresses stand in brackets before a port. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const maxBucketName = 63;

/** Buckets know no dots in our use and at most 63 characters: a longer name keeps its start and gets a digest. */
export function bucketName(prefix: string, purpose: 'originals' | 'media'): string {
  const name = `${prefix.replaceAll('.', '-')}-${purpose}`;
  if (name.length <= maxBucketName) return name;
  const digest = shortHash(prefix);
  return `${name.slice(0, maxBucketName - digest.length - purpose.length - 2)}-${digest}-${purpose}`;
}

/** Eight hexadecimal digits that change with the text: enough to tell versions of one thing apart. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The id of an embedded Kafka cluster: 16 bytes as Kafka writes them, the same whenever this platform is created again on its old volume. */
export const clusterIdOf = (platform: TiktokLite): string =>
  createHash('sha256')
    .update(`kafka ${defaultPrefix(platform)}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')
    // Kafka's tools take it as an argument, and one that starts with a dash for an option.
    .replace(/^-/, 'A');
