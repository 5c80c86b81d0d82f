import type { Clock } from './clock.ts';

interface Entry {
  key: string;
  dueMs: number;
}

/** Keys that become due later, each with one time; one timer for all of them. */
export interface DelayedKeys {
  /** Keeps the earlier time of a key that is there already. */
  add: (key: string, delayMs: number) => void;
  remove: (key: string) => void;
  clear: () => void;
  size: () => number;
}

/** A binary heap by time. Entries that a removal or an earlier time made void stay in it until they come to the top. */
export function createDelayedKeys(clock: Clock, onDue: (key: string) => void): DelayedKeys {
  const dueByKey = new Map<string, number>();
  let heap: Entry[] = [];
  let timer: { dueMs: number; cancel: () => void } | undefined;

  const isVoid = ({ key, dueMs }: Entry): boolean => dueByKey.get(key) !== dueMs;

  const release = () => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    for (let top = heap[0]; top && (isVoid(top) || top.dueMs <= nowMs); top = heap[0]) {
      removeTop(heap);
      if (isVoid(top)) continue;
      dueByKey.delete(top.key);
      onDue(top.key);
    }
    arm();
  };

  const arm = () => {
    const top = heap[0];
    if (!top || (timer && timer.dueMs <= top.dueMs)) return;
    timer?.cancel();
    timer = { dueMs: top.dueMs, cancel: clock.schedule(Math.max(0, top.dueMs - clock.monotonicMs()), release) };
  };

  const dropVoidEntries = () => {
    if (heap.length < 64 || heap.length < 2 * dueByKey.size) return;
    heap = heap.filter((entry) => !isVoid(entry)).sort((a, b) => a.dueMs - b.dueMs);
  };

  return {
    add: (key, delayMs) => {
      const dueMs = clock.monotonicMs() + delayMs;
      const known = dueByKey.get(key);
      if (known !== undefined && known <= dueMs) return;
      dueByKey.set(key, dueMs);
      insert(heap, { key, dueMs });
      dropVoidEntries();
      arm();
    },
    remove: (key) => {
      dueByKey.delete(key);
      dropVoidEntries();
    },
    clear: () => {
      timer?.cancel();
      timer = undefined;
      dueByKey.clear();
      heap = [];
    },
    size: () => dueByKey.size,
  };
}

function insert(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (!parent || parent.dueMs <= entry.dueMs) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function removeTop(heap: Entry[]): void {
  const moved = heap.pop();
  if (!moved || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const childIndex = earlierChild(heap, index);
    const child = heap[childIndex];
    if (!child || child.dueMs >= moved.dueMs) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = moved;
}

function earlierChild(heap: Entry[], index: number): number {
  const left = heap[2 * index + 1];
  const right = heap[2 * index + 2];
  return right && left && right.dueMs < left.dueMs ? 2 * index + 2 : 2 * index + 1;
}
