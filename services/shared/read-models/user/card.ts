import { jsonText } from '../lookup/json-text.ts';

/** What a user's card shows of the row. */
export interface UserRow {
  id: number;
  name: string;
  avatar_path: string;
  background_path: string;
  signature: string;
}

/** A user as read models hand it out: ready parts of JSON, and object paths whose base is joined at output. */
export interface UserView {
  avatarPath: string;
  backgroundPath: string;
  /** `id`, `name` and `signature` as members of a JSON object. */
  members: string;
  /** The counts as members of a JSON object. */
  counts: string;
  /** When pending likes are to be compared with the rows, in ms; 0 when there are none. */
  checkAtMs: number;
}

/** The lines of a cached card; JSON text has no line feeds, so a line feed separates. */
export const userCard = ({ id, name, avatar_path, background_path, signature }: UserRow): string =>
  [
    jsonText(avatar_path),
    jsonText(background_path),
    `"id":${id},"name":${JSON.stringify(name)},"signature":${JSON.stringify(signature)}`,
  ].join('\n');

/** The parts of a cached view, undefined for a user who does not exist. */
export function parseUserView(text: string): UserView | undefined {
  if (text === '') return undefined;
  const [avatarPath = '', backgroundPath = '', members = '', counts = '', checkAtMs] = text.split('\n');
  return { avatarPath, backgroundPath, members, counts, checkAtMs: Number(checkAtMs) };
}
