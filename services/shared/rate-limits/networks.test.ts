import assert from 'node:assert/strict';
import { clientNetwork, parseNetworks } from './networks.ts';

describe('networks', () => {
  it('contain the addresses of both families', () => {
    const networks = parseNetworks('SETTING', '10.0.0.0/8,fc00::/7, 192.0.2.7/32');
    for (const inside of ['10.255.0.1', 'fd00::1', '192.0.2.7']) assert.ok(networks.contain(inside), inside);
    for (const outside of ['11.0.0.1', '2001:db8::1', '192.0.2.8', 'text', ''])
      assert.ok(!networks.contain(outside), outside);
    assert.equal(parseNetworks('SETTING', 'none').contain('10.0.0.1'), false);
  });

  it('that are none are refused with the name of the setting', () => {
    for (const bad of ['10.0.0.0', '10.0.0.0/33', 'x/8', ':::/64', '10.0.0.0/8,', '']) {
      assert.throws(() => parseNetworks('SETTING', bad), /^Error: SETTING must be networks as 10\.0\.0\.0\/8/, bad);
    }
  });
});

describe('a client', () => {
  it('is an IPv4 address, or all of a /64', () => {
    assert.equal(clientNetwork('192.0.2.7'), '192.0.2.7');
    const whole = clientNetwork('2001:db8:0:1:2:3:4:5');
    assert.equal(whole, '2001:db8:0:1::/64');
    for (const same of ['2001:db8:0:1::', '2001:0DB8::1:0:0:0:9', '2001:db8:0:1:ffff::%eth0']) {
      assert.equal(clientNetwork(same), whole, same);
    }
    assert.notEqual(clientNetwork('2001:db8:0:2::'), whole);
    assert.equal(clientNetwork('::1'), '0:0:0:0::/64');
  });
});
