import { createHash } from 'node:crypto'
import { type Algorithm, schemeOf } from './algorithms.ts'
import { type JsonObject, member } from './strict-json.ts'

/** The public members of a signing key, and what its owner said about its use. Safe to store and to show. */
export interface PublicJwk {
  readonly kty: 'RSA' | 'EC' | 'OKP'
  readonly kid?: string
  /** When present, the only algorithm that the key may verify. */
  readonly alg?: string
  readonly n?: string
  readonly e?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const MATERIAL = { EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'], RSA: ['e', 'n'] } as const

/** In characters. A hundred names must fit into the one row that lists a provider's keys. */
const MAX_KID = 1024

/**
 * Reads a JWK (RFC 7517) that may verify signatures; `undefined` when it is for something else, of a kind that is not
 * known here, or no longer secret. `use`, `key_ops` and `alg` bind. Certificates (`x5c`, `x5u`) are not looked at. Whether
 * the numbers make a key is importPublicKey's question.
 */
export function parsePublicJwk(jwk: JsonObject): PublicJwk | undefined {
  const kty = member(jwk, 'kty')
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return undefined
  // Whoever reads the key set could sign with such a key.
  if (PRIVATE_MEMBERS.some((name) => member(jwk, name) !== undefined)) return undefined
  const [use, operations, kid, alg] = ['use', 'key_ops', 'kid', 'alg'].map((name) => member(jwk, name))
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID)) return undefined
  if (alg !== undefined && typeof alg !== 'string') return undefined
  const material: Record<string, string> = {}
  for (const name of MATERIAL[kty]) {
    const value = member(jwk, name)
    if (typeof value !== 'string' || !isCanonicalBase64url(value, name)) return undefined
    material[name] = value
  }
  return { kty, ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }), ...material }
}

/** `crv` is a name; the other members are numbers in base64url. */
const isCanonicalBase64url = (value: string, name: string) =>
  name === 'crv' || Buffer.from(value, 'base64url').toString('base64url') === value

/** RFC 7638: names the key by what it is, whatever its owner calls it. */
export function thumbprint(jwk: PublicJwk): string {
  const names = [...MATERIAL[jwk.kty], 'kty' as const].sort()
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(canonical).digest('base64url')
}

/** Whether the key may check signatures of this algorithm: its type and curve fit, and its own `alg`, if any, is this one. */
export function fits(jwk: Pick<PublicJwk, 'kty' | 'alg' | 'crv'>, algorithm: Algorithm): boolean {
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return false
  const scheme = schemeOf(algorithm)
  if (scheme.keyType !== jwk.kty) return false
  if (scheme.keyType === 'EC') return jwk.crv === scheme.curve
  if (scheme.keyType === 'OKP') return jwk.crv !== undefined && scheme.curves.includes(jwk.crv)
  return true
}
