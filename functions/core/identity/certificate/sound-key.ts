import type { KeyObject } from 'node:crypto'
import { parsePublicJwk } from '../public-jwk.ts'
import { importPublicKey } from '../public-key.ts'
import type { JsonObject } from '../strict-json.ts'

const CURVES = new Set(['P-256', 'P-384', 'P-521', 'Ed25519'])
/** No key that is made by anything has a larger one, and a huge one makes a single signature cost seconds. */
const LARGEST_EXPONENT = 2n ** 32n

/** RSA of 2,048 to 8,192 bits that is not known to be factorable; P-256, P-384, P-521; Ed25519. */
export function isSoundKey(key: KeyObject): boolean {
  const { publicExponent = 3n } = key.asymmetricKeyDetails ?? {}
  if (publicExponent > LARGEST_EXPONENT) return false
  const jwk = parsePublicJwk(key.export({ format: 'jwk' }) as JsonObject)
  if (!jwk || (jwk.kty !== 'RSA' && !CURVES.has(jwk.crv ?? ''))) return false
  return importPublicKey(jwk) !== undefined
}
