import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 3_000;

/**
 * Reads what a refused client is still sending, for a moment: many clients read the answer only after their last byte,
 * and a connection that is closed before that can cost them the answer. Returns whether the body came to its end.
 */
export async function discardRest(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return request.complete;
  request.resume();
  const ended = new Promise<boolean>((resolve) => {
    request.once('end', () => resolve(true));
    request.once('close', () => resolve(false));
  });
  return Promise.race([ended, pause(patienceMs, false, { ref: false })]);
}
