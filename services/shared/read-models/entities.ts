import type { CountedEntity } from './counts/columns.ts';
import type { ViewKeys } from './counts/counts.ts';
import type { LoadedRow } from './counts/views.ts';
import type { Keys } from './keys.ts';
import type { OverdueChecks } from './likes/overdue.ts';
import { createRecent } from './lookup/recent.ts';
import type { FindTexts } from './lookup/texts.ts';
import type { IsTouched } from './touched/touched.ts';

/** The keys of the views, by entity. */
export const createViewKeys = (keys: Keys) => ({
  user: (userId: number): ViewKeys => ({
    entity: 'user',
    view: keys.user.view(userId),
    lease: keys.user.viewLease(userId),
    sums: keys.user.pendingSums(userId),
    changes: keys.user.followChanges(userId),
  }),
  video: (videoId: number): ViewKeys => ({
    entity: 'video',
    view: keys.video.view(videoId),
    lease: keys.video.viewLease(videoId),
    sums: keys.video.pendingSums(videoId),
    changes: keys.video.commentChanges(videoId),
  }),
});

interface EntitiesOptions<View> {
  entity: CountedEntity;
  find: FindTexts;
  parse: (text: string) => View | undefined;
  keysOf: (id: number) => ViewKeys;
  load: (ids: readonly number[]) => Promise<Map<number, LoadedRow>>;
  overdue: OverdueChecks;
  comparisonsOf: OverdueChecks['comparisonsOfUser'];
  now: () => number;
  /** False for a view that must not be shown when it is old; without it all may be copied. */
  mayBeOld?: (view: View) => boolean;
}

export type FindEntities<View> = (ids: readonly number[]) => Promise<Map<number, View>>;

/** Parsed views; an id that does not exist has no entry. */
export interface Entities<View> {
  /** As they are now. Overdue counts are put right first. */
  find: FindEntities<View>;
  /** As they were at most a second ago, and as they are now where the caller has just changed them. */
  glance: (ids: readonly number[], isTouched: IsTouched) => Promise<Map<number, View>>;
}

/** So many copies of views a process keeps for a moment; each has about a kilobyte. */
const maxCopies = 5_000;

/** Finds users or videos as parsed views. */
export function createEntities<View extends { checkAtMs: number }>(options: EntitiesOptions<View>): Entities<View> {
  const { entity, parse, keysOf, load, overdue, comparisonsOf, mayBeOld = () => true } = options;
  const recent = createRecent<number, View>({ maxEntries: maxCopies, now: options.now });

  const findInto = async (found: Map<number, View>, ids: readonly number[]) => {
    for (const [id, text] of await options.find(ids)) {
      const view = parse(text);
      if (view) found.set(id, view);
    }
  };

  const putRight = async (id: number): Promise<boolean> =>
    overdue.run({
      view: keysOf(id),
      load: async () => (await load([id])).get(id),
      comparisons: comparisonsOf(id),
    });

  const find: FindEntities<View> = async (ids) => {
    const found = new Map<number, View>();
    await findInto(found, ids);
    const nowMs = Date.now();
    const due = [...found].filter(([, view]) => view.checkAtMs > 0 && view.checkAtMs < nowMs).map(([id]) => id);
    const written = await Promise.all(due.map(putRight));
    if (written.includes(true)) await findInto(found, due);
    return found;
  };

  const glance: Entities<View>['glance'] = async (ids, isTouched) => {
    const seen = new Map<number, View>();
    const missing: number[] = [];
    for (const id of new Set(ids)) {
      const copy = isTouched(entity, id) ? undefined : recent.get(id);
      if (copy) seen.set(id, copy);
      else missing.push(id);
    }
    if (missing.length === 0) return seen;
    const askedAtMs = recent.now();
    for (const [id, view] of await find(missing)) {
      if (mayBeOld(view)) recent.set(id, view, askedAtMs);
      seen.set(id, view);
    }
    return seen;
  };

  return { find, glance };
}
