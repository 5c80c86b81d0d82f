import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from './platform.ts';

/** What was seen of an upload; times are those of `performance.now()`, in ms. */
export interface Entry {
  title: string;
  acknowledgedMs: number;
  /** Pods that worked on it, in the order in which they were seen. */
  pods: string[];
  startedMs?: number;
  doneMs?: number;
  state: string;
  attempts: number;
}

export interface Journal {
  /** Publishes a file and notes it; resolves when it is acknowledged. */
  publish(token: string, file: string, title: string): Promise<Entry>;
  entries(): Entry[];
  stop(): Promise<void>;
}

const lookEveryMs = 500;

/** Publishes, and looks into the database again and again who works on what. */
export function keepJournal({ api, queryDatabase }: Platform): Journal {
  const byTitle = new Map<string, Entry>();
  let isStopped = false;

  const look = async (): Promise<void> => {
    const rows = await queryDatabase(
      'SELECT title, upload.state, attempts, holder FROM upload JOIN video ON video.id = video_id',
    );
    for (const row of rows.split('\n')) {
      const [title = '', state = '', attempts, holder = ''] = row.split('\t');
      const entry = byTitle.get(title);
      if (entry) note(entry, { state, attempts: Number(attempts), pod: holder.split(':')[0] ?? '' });
    }
  };
  const watch = (async () => {
    while (!isStopped) {
      await look().catch(() => undefined);
      await pause(lookEveryMs);
    }
  })();

  return {
    publish: async (token, file, title) => {
      const answer = await api.publish(token, file, title);
      if (answer.status_code !== 0) throw new Error(`${title}: ${answer.status_msg}`);
      const entry: Entry = { title, acknowledgedMs: performance.now(), pods: [], state: 'queued', attempts: 0 };
      byTitle.set(title, entry);
      return entry;
    },
    entries: () => [...byTitle.values()],
    stop: async () => {
      isStopped = true;
      await watch;
    },
  };
}

function note(entry: Entry, { state, attempts, pod }: { state: string; attempts: number; pod: string }): void {
  const nowMs = performance.now();
  Object.assign(entry, { state, attempts });
  if (pod && !entry.pods.includes(pod)) entry.pods.push(pod);
  if (pod) entry.startedMs ??= nowMs;
  if (state === 'done' || state === 'failed') entry.doneMs ??= nowMs;
}

/** A row for each upload: seconds after its acknowledgement. */
export const journalTable = (entries: readonly Entry[]): string =>
  entries
    .map(({ title, acknowledgedMs, startedMs, doneMs, pods, state, attempts }) => {
      const after = (ms: number | undefined) => (ms === undefined ? '?' : ((ms - acknowledgedMs) / 1000).toFixed(1));
      const times = `started ${after(startedMs)} s, over ${after(doneMs)} s`;
      return `      ${title.padEnd(12)} ${state} ${times}, attempts ${attempts}, ${pods.join(' then ') || 'seen with none'}`;
    })
    .join('\n');
