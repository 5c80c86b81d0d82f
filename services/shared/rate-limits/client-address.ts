import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type Networks, plainAddress } from './networks.ts';

/**
 * The address of the client of a request. `X-Forwarded-For` is believed only as far as it was written by hosts in the
 * trusted networks, those of the gateway; what a client writes into it by itself is not.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trusted: Networks,
): string {
  const hops = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  let address = plainAddress(socket.remoteAddress ?? '');
  for (const hop of hops.reverse()) {
    const before = plainAddress(hop.trim());
    if (!trusted.contain(address) || isIP(before) === 0) break;
    address = before;
  }
  return address;
}
