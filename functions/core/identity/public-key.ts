import { createPublicKey, type KeyObject } from 'node:crypto'
import type { PublicJwk } from './public-jwk.ts'
import { hasRocaFingerprint } from './roca.ts'

/** RFC 7518 sections 3.3 and 3.5: at least 2,048. The upper bound keeps one token from costing milliseconds. */
const MIN_RSA_BITS = 2_048
const MAX_RSA_BITS = 8_192

/**
 * Makes a key of the numbers; `undefined` when they make none, or one that must not be trusted: an RSA modulus that is
 * short, absurdly long or known to be factorable, an exponent that is even or under 3, a point off its curve.
 */
export function importPublicKey(jwk: PublicJwk): KeyObject | undefined {
  let key: KeyObject
  try {
    key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return undefined
  }
  return jwk.kty !== 'RSA' || isSoundRsa(key, jwk) ? key : undefined
}

function isSoundRsa(key: KeyObject, { n = '' }: PublicJwk): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS) return false
  if (publicExponent < 3n || publicExponent % 2n === 0n) return false
  const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
  return modulus % 2n === 1n && !hasRocaFingerprint(modulus)
}

/** Imported keys by thumbprint. What a thumbprint names never changes, so an entry never goes stale; the oldest leave. */
export class ImportedKeys {
  readonly #keys = new Map<string, KeyObject>()
  readonly #capacity: number

  constructor(capacity = 1_000) {
    this.#capacity = capacity
  }

  find(thumbprint: string): KeyObject | undefined {
    const key = this.#keys.get(thumbprint)
    // While there is room for as many again, the order in which they would leave is nobody's concern.
    if (key && this.#keys.size > this.#capacity / 2) this.remember(thumbprint, key)
    return key
  }

  remember(thumbprint: string, key: KeyObject): void {
    this.#keys.delete(thumbprint)
    this.#keys.set(thumbprint, key)
    const oldest = this.#keys.size > this.#capacity ? this.#keys.keys().next().value : undefined
    if (oldest !== undefined) this.#keys.delete(oldest)
  }
}
