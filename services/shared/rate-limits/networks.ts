import { BlockList, isIP } from 'node:net';

/** A set of networks, asked by address. */
export interface Networks {
  contain(address: string): boolean;
}

/** The networks of a setting: `10.0.0.0/8,fc00::/7`, or `none`. */
export function parseNetworks(setting: string, text: string): Networks {
  const list = new BlockList();
  for (const cidr of text === 'none' ? [] : text.split(',')) {
    try {
      const [network = '', prefix] = cidr.trim().split('/');
      list.addSubnet(network, Number(prefix), family(network));
    } catch (cause) {
      throw new Error(
        `${setting} must be networks as 10.0.0.0/8 or fc00::/7, separated by commas, or none: ${cidr} is not one`,
        { cause },
      );
    }
  }
  return { contain: (address) => isIP(address) !== 0 && list.check(address, family(address)) };
}

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address that came in over an IPv6 socket is an IPv4 address. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * What is counted as one client: an IPv4 address, or the /64 network of an IPv6 address, all of which one client can have.
 */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const filled = address.includes('::') ? Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0') : [];
  const whole = [...groups, ...filled, ...last].slice(0, 4);
  return `${whole.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
