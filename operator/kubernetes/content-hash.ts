import { createHash } from 'node:crypto';

/** A short text that changes with the content, and not with the order of its keys. */
export const contentHash = (content: unknown): string =>
  createHash('sha256').update(canonical(content)).digest('hex').slice(0, 32);

const canonical = (content: unknown): string =>
  JSON.stringify(content, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  ) ?? '';
