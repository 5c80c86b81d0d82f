const open = Buffer.from('[');
const comma = Buffer.from(',');
const close = Buffer.from(']');

/** The parts of one JSON value, as they are sent. */
export type JsonParts = readonly Buffer[];

/**
 * Values as a JSON array. Ready bytes are joined by copying: to encode a text that is not all ASCII anew for every
 * answer would take many times longer.
 */
export function jsonArray(values: readonly JsonParts[]): Buffer {
  const parts: Buffer[] = [open];
  for (const value of values) {
    if (parts.length > 1) parts.push(comma);
    parts.push(...value);
  }
  parts.push(close);
  return Buffer.concat(parts);
}
