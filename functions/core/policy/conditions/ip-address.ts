import ipaddr from 'ipaddr.js'
import type { OperatorFamily } from './family.ts'

/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255` */
const LONGEST_ADDRESS = 45

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * An IPv4 or IPv6 address. Octal, hexadecimal and shortened IPv4 spellings, which readers disagree about, and zones
 * are refused. An IPv4 address mapped into IPv6 is the IPv4 address.
 */
function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function parseRange(text: string): { readonly network: Address; readonly bits: number } | undefined {
  const [, addressText = '', bitsText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const network = parseAddress(addressText)
  if (!network) return undefined
  const width = network.kind() === 'ipv4' ? 32 : 128
  const mapped = width === 32 && addressText.includes(':')
  const bits = bitsText === undefined ? width : Number(bitsText) - (mapped ? 96 : 0)
  return bits >= 0 && bits <= width ? { network, bits } : undefined
}

/** Addresses and CIDR ranges of both families. */
export const ipAddress: OperatorFamily = {
  compile: (policyValue) => {
    const range = parseRange(policyValue)
    if (!range) return undefined
    const { network, bits } = range
    return {
      test: (requestValue) => {
        const address = parseAddress(requestValue)
        if (!address) return undefined
        // The two branches are one call: the library's types tell the families apart, its code does not.
        if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, bits)
        if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, bits)
        return false
      },
    }
  },
}
