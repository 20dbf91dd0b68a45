import type { KeyObject } from 'node:crypto'
import type { Algorithm } from './algorithms.ts'
import { fits, type PublicJwk, parsePublicJwk, thumbprint } from './public-jwk.ts'
import { importPublicKey } from './public-key.ts'
import { isJsonObject, member, parseStrictJsonObject } from './strict-json.ts'

/** A public key that can check signatures, by its owner's name (`kid`) and by its own (`thumbprint`, RFC 7638). */
export interface VerificationKey {
  readonly jwk: PublicJwk
  readonly thumbprint: string
  readonly key: KeyObject
}

/** The document is no key set, or one that is refused whole. `message` is for the operator's log. */
export class UnusableKeySet extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'UnusableKeySet'
  }
}

const MAX_KEYS = 100
const MAX_BYTES = 1024 * 1024

/**
 * The usable keys of a JWK set (RFC 7517). Refused whole: over 100 keys or 1 MiB, no strict JSON, or a set that publishes a
 * symmetric key, because nobody can tell which of its tokens are the issuer's. A key of unknown kind, for another use or
 * unsound is left out. Two different keys under one `kid` are ambiguous: both are left out. Throws UnusableKeySet.
 */
export function parseKeySet(bytes: Uint8Array): readonly VerificationKey[] {
  const candidates = publishedKeys(bytes).flatMap((published) => {
    const jwk = isJsonObject(published) ? parsePublicJwk(published) : undefined
    const key = jwk && importPublicKey(jwk)
    return jwk && key ? [{ jwk, key, thumbprint: thumbprint(jwk) }] : []
  })
  const distinct = [...new Map(candidates.map((key) => [identityOf(key), key])).values()]
  const named = (kid: string | undefined) => distinct.filter((key) => key.jwk.kid === kid)
  return distinct.filter((key) => key.jwk.kid === undefined || named(key.jwk.kid).length === 1)
}

const identityOf = ({ jwk, thumbprint }: VerificationKey) =>
  JSON.stringify([jwk.kid ?? null, jwk.alg ?? null, thumbprint])

function publishedKeys(bytes: Uint8Array) {
  if (bytes.length > MAX_BYTES) throw new UnusableKeySet('the key set is larger than 1 MiB')
  let keys: unknown
  try {
    keys = member(parseStrictJsonObject(bytes), 'keys')
  } catch (cause) {
    throw new UnusableKeySet('the key set is no strict JSON object', { cause })
  }
  if (!Array.isArray(keys)) throw new UnusableKeySet('the key set has no list of keys')
  if (keys.length > MAX_KEYS) throw new UnusableKeySet(`the key set has more than ${MAX_KEYS} keys`)
  if (keys.some((key) => isJsonObject(key) && (member(key, 'kty') === 'oct' || member(key, 'k') !== undefined))) {
    throw new UnusableKeySet('the key set publishes a symmetric key')
  }
  return keys
}

/**
 * Which key a token means. With a `kid`: the key of that name, and no other. Without one: the only key of the set that fits
 * the algorithm; when several do, the token must name one. `undefined` when there is none.
 */
export function selectKey<K extends { readonly jwk: Pick<PublicJwk, 'kid' | 'kty' | 'alg' | 'crv'> }>(
  keys: readonly K[],
  kid: string | undefined,
  algorithm: Algorithm,
): K | undefined {
  const fitting = keys.filter(({ jwk }) => (kid === undefined || jwk.kid === kid) && fits(jwk, algorithm))
  return fitting.length === 1 ? fitting[0] : undefined
}
