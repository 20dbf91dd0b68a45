import { constants, type KeyObject, verify } from 'node:crypto'
import { type Algorithm, schemeOf } from './algorithms.ts'

/**
 * Whether the key made this signature over these bytes. `key` must already be known to fit the algorithm (public-jwk.ts,
 * fits). The length of an ECDSA signature is exact (RFC 7518 section 3.4); OpenSSL sees to the others.
 */
export function verifySignature(algorithm: Algorithm, key: KeyObject, input: Buffer, signature: Buffer): boolean {
  const scheme = schemeOf(algorithm)
  if (scheme.keyType === 'OKP') return verify(null, input, key, signature)
  if (scheme.keyType === 'EC') {
    const der = ecdsaDer(signature, scheme.coordinateBytes)
    return der !== undefined && verify(scheme.hash, input, key, der)
  }
  const { hash, padding } = scheme
  if (padding === constants.RSA_PKCS1_PADDING) return verify(hash, input, key, signature)
  return verify(hash, input, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature)
}

/**
 * `r || s` as the DER that OpenSSL reads by itself: asking Node.js for `ieee-p1363` instead makes the check slower by
 * a fifth and more. `undefined` when the length is not exactly twice a coordinate's.
 */
export function ecdsaDer(signature: Buffer, coordinateBytes: number): Buffer | undefined {
  if (signature.length !== 2 * coordinateBytes) return undefined
  // Room for a long length, and for the tag, length and padding of each integer.
  const der = Buffer.alloc(3 + 2 * (3 + coordinateBytes))
  const middle = putDerInteger(der, 3, signature, 0, coordinateBytes)
  const end = putDerInteger(der, middle, signature, coordinateBytes, 2 * coordinateBytes)
  const start = end - 3 < 128 ? 1 : 0
  der[start] = 0x30
  if (start === 0) der[1] = 0x81
  der[2] = end - 3
  return der.subarray(start, end)
}

/** Writes the integer in bytes `from` … `to` at `at`, and answers where it ends. DER wants the fewest bytes and a clear top bit. */
function putDerInteger(der: Buffer, at: number, bytes: Buffer, from: number, to: number): number {
  let first = from
  while (first < to - 1 && bytes[first] === 0) first += 1
  const padding = (bytes[first] ?? 0) >= 0x80 ? 1 : 0 // the room is zeros already
  der[at] = 0x02
  der[at + 1] = padding + to - first
  bytes.copy(der, at + 2 + padding, first, to)
  return at + 2 + padding + to - first
}
