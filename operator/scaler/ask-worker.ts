import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { bracketed } from '../resources/names.ts';

const InHand = Type.Object({ jobs: Type.Integer(), busySeconds: Type.Number() });
const inHand = Compile(InHand);

/** What a transcoder has in hand, or that it does not say. */
export type WorkerAnswer = Static<typeof InHand> | 'unknown';

/** Asks a transcoder at this address what it works on. Never rejects: no answer is one. */
export type AskWorker = (address: { host: string; port: number }) => Promise<WorkerAnswer>;

const timeoutMs = 1_000;

export const askWorker: AskWorker = async ({ host, port }) => {
  try {
    const response = await fetch(`http://${bracketed(host)}:${port}/state`, { signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await response.json();
    return response.ok && inHand.Check(body) ? body : 'unknown';
  } catch {
    return 'unknown';
  }
};
