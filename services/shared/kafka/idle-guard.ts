import { createRequire } from 'node:module';

/**
 * kafkajs 2.2.4 keeps an idle process busy. After each answer its request queue plans a look at the requests that wait,
 * even when none does; while the broker does not throttle, the delay is negative, which Node turns into 1 ms, and the
 * look plans the next one: about 900 wake-ups a second for each connection, for ever. Beside that it looks for
 * requests that timed out ten times a second. This module replaces the two methods that plan these looks, in memory.
 */
interface RequestQueue {
  pending: unknown[];
  inflight: Map<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout | undefined;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  isConnected(): boolean;
  checkPendingRequests(): void;
  destroy(): void;
}

/** How often requests that wait for a free place are looked at; kafkajs' own figure. */
const pendingCheckMs = 10;
/** Request timeouts are seconds: one look a second is soon enough. */
const timeoutCheckMs = 1_000;

/** Plans a look only while a request waits: at the end of the throttling, or soon. */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : pendingCheckMs,
  );
}

function scheduleRequestTimeoutCheck(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy(); // clears both timers
  this.requestTimeoutIntervalId = setInterval(
    () => {
      for (const request of [...this.inflight.values()]) {
        if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    },
    Math.min(this.requestTimeout, timeoutCheckMs),
  );
}

/** Calms every kafkajs connection made from now on; safe to call again. Throws when kafkajs has changed inside. */
export function guardIdleConnections(): void {
  const { prototype }: { prototype: RequestQueue & Record<string, unknown> } = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue',
  );
  for (const replacement of [scheduleCheckPendingRequests, scheduleRequestTimeoutCheck]) {
    if (typeof prototype[replacement.name] !== 'function') {
      throw new Error(`kafkajs has no RequestQueue.${replacement.name} any more: look at idle-guard.ts again`);
    }
    Object.assign(prototype, { [replacement.name]: replacement });
  }
}
