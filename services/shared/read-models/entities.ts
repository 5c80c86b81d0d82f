import type { ViewKeys } from './counts/counts.ts';
import type { LoadedRow } from './counts/views.ts';
import type { Keys } from './keys.ts';
import type { OverdueChecks } from './likes/overdue.ts';
import type { FindTexts } from './lookup/texts.ts';

/** The keys of the views, by entity. */
export const createViewKeys = (keys: Keys) => ({
  user: (userId: number): ViewKeys => ({
    entity: 'user',
    view: keys.user.view(userId),
    lease: keys.user.viewLease(userId),
    sums: keys.user.pendingSums(userId),
  }),
  video: (videoId: number): ViewKeys => ({
    entity: 'video',
    view: keys.video.view(videoId),
    lease: keys.video.viewLease(videoId),
    sums: keys.video.pendingSums(videoId),
  }),
});

interface EntitiesOptions<View> {
  find: FindTexts;
  parse: (text: string) => View | undefined;
  keysOf: (id: number) => ViewKeys;
  load: (ids: readonly number[]) => Promise<Map<number, LoadedRow>>;
  overdue: OverdueChecks;
  comparisonsOf: OverdueChecks['comparisonsOfUser'];
}

export type FindEntities<View> = (ids: readonly number[]) => Promise<Map<number, View>>;

/** Finds users or videos as parsed views; those that do not exist have no entry. Overdue counts are put right first. */
export function createEntities<View extends { checkAtMs: number }>(options: EntitiesOptions<View>): FindEntities<View> {
  const { find, parse, keysOf, load, overdue, comparisonsOf } = options;

  const findInto = async (found: Map<number, View>, ids: readonly number[]) => {
    for (const [id, text] of await find(ids)) {
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

  return async (ids) => {
    const found = new Map<number, View>();
    await findInto(found, ids);
    const nowMs = Date.now();
    const due = [...found].filter(([, view]) => view.checkAtMs > 0 && view.checkAtMs < nowMs).map(([id]) => id);
    const written = await Promise.all(due.map(putRight));
    if (written.includes(true)) await findInto(found, due);
    return found;
  };
}
