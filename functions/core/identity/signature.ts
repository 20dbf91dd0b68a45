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
  const r = derInteger(signature.subarray(0, coordinateBytes))
  const s = derInteger(signature.subarray(coordinateBytes))
  const length = r.length + s.length
  return Buffer.concat([Buffer.from(length < 128 ? [0x30, length] : [0x30, 0x81, length]), r, s])
}

/** DER wants the fewest bytes and a clear top bit. */
function derInteger(bigEndian: Buffer): Buffer {
  let start = 0
  while (start < bigEndian.length - 1 && bigEndian[start] === 0) start += 1
  const digits = bigEndian.subarray(start)
  const padding = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return Buffer.concat([Buffer.from([0x02, digits.length + padding.length, ...padding]), digits])
}
