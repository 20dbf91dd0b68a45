import { BlockList, isIP } from 'node:net'

/**
 * Which addresses may be called. `public-only` is for deployments whose network holds more than the issuers (AWS): a
 * registered name must not lead to a metadata service or into the network. `any` is a visible choice of the operator.
 */
export type AddressPolicy = 'public-only' | 'any'

/** IPv4 blocks that are not globally reachable, or that reach one's own network (IANA special-purpose registry). */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/**
 * The only IPv6 block that IANA has given out as global unicast. All else is refused with it: loopback, v4-mapped, NAT64
 * (64:ff9b::/96), unique local (AWS's metadata is fd00:ec2::254), link-local, multicast.
 */
const GLOBAL_UNICAST_V6 = new BlockList()
GLOBAL_UNICAST_V6.addSubnet('2000::', 3, 'ipv6')

/** Inside it: protocol assignments with Teredo (2001::/32), documentation, 6to4 (which wraps any IPv4 address). */
const NOT_PUBLIC_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const blocked = new BlockList()
for (const [network, prefix] of NOT_PUBLIC_V4) blocked.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of NOT_PUBLIC_V6) blocked.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address in text (no brackets) is globally reachable unicast. Anything that is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  const version = isIP(address)
  if (version === 4) return !blocked.check(address, 'ipv4')
  return version === 6 && GLOBAL_UNICAST_V6.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}
