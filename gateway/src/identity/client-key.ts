import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Caller } from './caller.ts';

/** Whom limits count: the partner, the user or driver, or the address of somebody unknown. */
export function clientKeyOf({ identity }: Caller, address: string): string {
  const { kind, organizationId, partnerId, subject } = identity;
  if (kind === 'anonymous') return JSON.stringify(['address', address]);
  if (kind === 'partner') return JSON.stringify(['partner', organizationId, partnerId]);
  return JSON.stringify([kind, organizationId, subject]);
}

/**
 * Where a request comes from. Each of `trustedProxies` in front of the gateway has added the address
 * that it saw to the end of `x-forwarded-for`; what stands before was written by anybody. IPv6
 * networks are given out as whole /64, so one counts as one address.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustedProxies: number,
): string {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const seen = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  const address = (seen || socket.remoteAddress) ?? '';
  const unmapped = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIPv6(unmapped) ? network64(unmapped) : unmapped.slice(0, LONGEST_ADDRESS);
}

const LONGEST_ADDRESS = 45;

function network64(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]?.toLowerCase().split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
