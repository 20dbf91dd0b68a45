import { claimTexts } from '../identity/claims-context.ts'
import { invalidToken } from '../identity/refusal.ts'
import { type JsonObject, member } from '../identity/strict-json.ts'

/** MinIO's documented `jwt:` keys. */
const JWT_CLAIMS = [
  'sub',
  'iss',
  'aud',
  'jti',
  'upn',
  'name',
  'groups',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'gender',
  'birthdate',
  'phone_number',
  'address',
  'scope',
  'client_id',
] as const

/** In bytes, names included: they are read with every request of the session. */
const MOST_BYTES = 8 * 1024

/**
 * The claims of a proven token that stay usable in policies as `jwt:<claim>`; lists have several values. A token with more
 * than 8 KiB of them is refused whole: a Deny on a claim that was left out would silently never match.
 */
export function keptJwtClaims(claims: JsonObject): Readonly<Record<string, readonly string[]>> {
  const kept: Record<string, readonly string[]> = {}
  let bytes = 0
  for (const name of JWT_CLAIMS) {
    const values = claimTexts(member(claims, name))
    if (values === undefined) continue
    kept[name] = values
    bytes += [name, ...values].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  }
  if (bytes > MOST_BYTES) throw invalidToken('its claims that policies may refer to take more than 8 KiB')
  return kept
}
