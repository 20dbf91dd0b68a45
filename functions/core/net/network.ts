import ipaddr from 'ipaddr.js'

/**
 * The network that one party is likely to hold: an IPv4 address, or the /64 of an IPv6 address, whose holder has all of its
 * addresses (RFC 6177). A text that is no address is a network of its own.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  const [prefix] = ipaddr.parseCIDR(`${parsed.toNormalizedString()}/64`)
  const bytes = prefix.toByteArray().map((byte, at) => (at < 8 ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/64`
}
