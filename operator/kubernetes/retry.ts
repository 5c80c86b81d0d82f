import { backoffMs, callBackoff } from './backoff.ts';
import { ConnectionError, KubernetesError } from './errors.ts';

/** Whether sending the same call twice leaves the cluster as sending it once. */
export type Repeatable = boolean;

/**
 * What passes by itself. A plain 500 does not: the server answers so to objects that it cannot decode,
 * and callers with a work queue repeat it with a longer delay anyway.
 */
const passingFailures = new Set([502, 503, 504]);

/** Tries of one call; the deadline usually ends it earlier. */
const mostTries = 10;

interface Try {
  repeatable: Repeatable;
  /** Failures of this call so far, this one included. */
  failures: number;
}

/** How long to wait before the call is tried again, or undefined when it must not be. */
export function retryDelayMs(error: unknown, { repeatable, failures }: Try, random: number): number | undefined {
  if (failures >= mostTries || !isWorthRetrying(error, repeatable)) return undefined;
  const wantedMs = error instanceof KubernetesError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const ownMs = backoffMs(callBackoff, failures, random);
  // The server's wish is a minimum; the jitter on top keeps all who were told the same apart.
  return wantedMs > ownMs ? wantedMs + random * callBackoff.firstMs : ownMs;
}

function isWorthRetrying(error: unknown, repeatable: Repeatable): boolean {
  if (error instanceof ConnectionError) return repeatable || error.unsent;
  if (!(error instanceof KubernetesError)) return false;
  // 429 is given before anything is done.
  if (error.code === 429) return true;
  return (
    repeatable && (passingFailures.has(error.code) || (error.code === 500 && error.retryAfterSeconds !== undefined))
  );
}

/** Seconds of a Retry-After header; dates are not sent by API servers. */
export function retryAfterSeconds(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
