import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { bracketed } from '../resources/names.ts';

const Report = Type.Object({
  run: Type.String(),
  progress: Type.Object({
    users: Type.Integer(),
    videos: Type.Integer(),
    startedAtMs: Type.Integer(),
    finishedAtMs: Type.Optional(Type.Integer()),
  }),
});
const report = Compile(Report);

/** What a service has read from the cache: its last warm-up, that there was none, or no answer. */
export type CacheAnswer = Static<typeof Report> | 'cold' | 'unknown';

/** Asks a service at this address what its cache holds. Never rejects: no answer is one. */
export type AskCache = (address: { host: string; port: number }) => Promise<CacheAnswer>;

const timeoutMs = 1_000;

export const askCache: AskCache = async ({ host, port }) => {
  try {
    const response = await fetch(`http://${bracketed(host)}:${port}/warm-up`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 204) return 'cold';
    const body: unknown = await response.json();
    return response.ok && report.Check(body) ? body : 'unknown';
  } catch {
    return 'unknown';
  }
};
