import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.ts';
import { parseNetworks } from './networks.ts';

const gateway = '10.0.0.9';
const trusted = parseNetworks('HTTP_TRUSTED_CIDRS', '10.0.0.0/8');
const request = (remoteAddress: string, forwardedFor?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  }) as unknown as IncomingMessage;
const addressOf = (remoteAddress: string, forwardedFor?: string) =>
  clientAddress(request(remoteAddress, forwardedFor), trusted);

describe('the address of a client', () => {
  it('is what the gateway says, over IPv4 and mapped into IPv6', () => {
    assert.equal(addressOf(gateway, '192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf(`::ffff:${gateway}`, '::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf(gateway, '2001:db8::1'), '2001:db8::1');
    assert.equal(addressOf(gateway, '10.1.1.1'), '10.1.1.1');
  });

  it('is the sender where it is not the gateway, whatever it says', () => {
    assert.equal(addressOf('192.0.2.7', '203.0.113.1'), '192.0.2.7');
    assert.equal(addressOf('192.0.2.7'), '192.0.2.7');
  });

  it('is not what a client wrote before the gateway did', () => {
    assert.equal(addressOf(gateway, '203.0.113.1, 192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf(gateway, '203.0.113.1, 192.0.2.7, 10.0.0.5'), '192.0.2.7');
  });

  it('is the gateway where it says nothing that is an address', () => {
    for (const text of [undefined, '', 'unknown', '192.0.2.7:80', ','] as const)
      assert.equal(addressOf(gateway, text), gateway);
  });
});
