/** The counts that a view shows, in the order of its ledger. Their names are also those on the wire. */
export const countColumns = {
  user: ['follow_count', 'follower_count', 'total_favorited', 'work_count', 'favorite_count'],
  video: ['favorite_count', 'comment_count'],
} as const;

export type CountedEntity = keyof typeof countColumns;
export type CountColumn<Entity extends CountedEntity> = (typeof countColumns)[Entity][number];

/** What a counter row holds; `revision` grows with each of its transactions. A row that is missing counts as zeros. */
export type Counters<Entity extends CountedEntity> = Record<CountColumn<Entity> | 'revision', number | null>;

/** The place of a column in the ledger, from 1 as in Lua. */
export const columnNumber = <Entity extends CountedEntity>(entity: Entity, column: CountColumn<Entity>): number =>
  columnsOf(entity).indexOf(column) + 1;

/** The counts as members of a JSON object, with `%d` for each number. */
export const countsFormat = (entity: CountedEntity): string =>
  countColumns[entity].map((column) => `"${column}":%d`).join(',');

/** The line that the scripts compare and add up: "revision count count …". */
export const ledgerOf = <Entity extends CountedEntity>(entity: Entity, counters: Counters<Entity>): string =>
  [counters.revision ?? 0, ...columnsOf(entity).map((column) => counters[column] ?? 0)].join(' ');

/** A view as the rows say, for when there is no cache: as `write-view.lua` writes it when nothing is pending. */
export function viewFromRows(entity: CountedEntity, { card, ledger }: { card: string; ledger: string }): string {
  const [, ...counts] = ledger.split(' ');
  const members = countColumns[entity].map((column, index) => `"${column}":${counts[index]}`);
  return [card, members.join(','), 0, ledger].join('\n');
}

const columnsOf = <Entity extends CountedEntity>(entity: Entity) =>
  countColumns[entity] as unknown as readonly CountColumn<Entity>[];
