import { jsonText } from '../lookup/json-text.ts';

export type VideoState = 'processing' | 'ready' | 'failed';

/** What a video's card shows of the row. */
export interface VideoRow {
  id: number;
  author_id: number;
  title: string;
  state: VideoState;
  reason: string;
  original_path: string;
  play_path: string;
  cover_path: string;
  hls_path: string;
  width: number;
  height: number;
  duration_ms: number;
  created_at: number;
}

/** A video as read models hand it out: ready parts of JSON, and object paths whose base is joined at output. */
export interface VideoView {
  state: VideoState;
  authorId: number;
  /** Path of what plays, or of the original while nothing plays yet; as it stands in a JSON string. */
  path: string;
  coverPath: string;
  /** Path of the playlist that leads to all sizes; empty while there is only one. */
  hlsPath: string;
  /** All members of the JSON object that neither the viewer nor the deployment decides. */
  members: string;
  /** The counts as members of a JSON object. */
  counts: string;
  /** When pending likes are to be compared with the rows, in ms; 0 when there are none. */
  checkAtMs: number;
}

/** The lines of a cached card; JSON text has no line feeds, so a line feed separates. */
export const videoCard = (row: VideoRow): string =>
  [
    row.state,
    row.author_id,
    jsonText(row.state === 'ready' ? row.play_path : row.original_path),
    jsonText(row.cover_path),
    jsonText(row.hls_path),
    membersOf(row),
  ].join('\n');

/** The parts of a cached view, undefined for a video that does not exist. */
export function parseVideoView(text: string): VideoView | undefined {
  if (text === '') return undefined;
  const [state, authorId, path = '', coverPath = '', hlsPath = '', ...rest] = text.split('\n');
  const [members = '', counts = '', checkAtMs] = rest;
  const view = { authorId: Number(authorId), path, coverPath, hlsPath, members, counts };
  return { state: state as VideoState, ...view, checkAtMs: Number(checkAtMs) };
}

function membersOf({ id, title, state, reason, width, height, duration_ms, created_at }: VideoRow): string {
  const json = JSON.stringify({ id, title, state, width, height, duration_ms, created_at });
  const members = json.slice(1, -1);
  return state === 'ready' ? members : `${members},"reason":${JSON.stringify(reason)}`;
}
