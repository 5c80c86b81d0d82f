/** How far the work on a partition is. */
export interface PartitionOffsets {
  /** Topic and partition. */
  id: string;
  /** Of the first message that is not done. */
  done: number;
  /** Of the next message that comes. */
  end: number;
}

/** By partition: how long it was at which look, for as long as something from before it is not done. */
export type Waiting = ReadonlyMap<string, readonly { atMs: number; end: number }[]>;

export const nothingWaits: Waiting = new Map();

/** Of each partition; a look more only makes the age finer. */
const mostLooks = 500;

/**
 * Notes a look at the partitions: a message that is not done has waited at least since the first look that saw it. Kafka
 * has no cheaper way to its age: the time of a message comes only with the message. Pure.
 */
export function noteOffsets(waiting: Waiting, offsets: readonly PartitionOffsets[], nowMs: number): Waiting {
  return new Map(
    offsets.map(({ id, done, end }) => {
      const looks = (waiting.get(id) ?? []).filter((look) => look.end > done && look.end <= end);
      const isNew = end > done && looks.at(-1)?.end !== end && looks.length < mostLooks;
      return [id, isNew ? [...looks, { atMs: nowMs, end }] : looks];
    }),
  );
}

/** Seconds that the oldest message that is not done was seen to wait; undefined when nothing waits. */
export function oldestSeconds(waiting: Waiting, nowMs: number): number | undefined {
  const firstMs = [...waiting.values()].flatMap(([first]) => (first ? [first.atMs] : []));
  return firstMs.length === 0 ? undefined : (nowMs - Math.min(...firstMs)) / 1_000;
}
