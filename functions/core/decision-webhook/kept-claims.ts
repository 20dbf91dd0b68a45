import { invalidToken } from '../identity/refusal.ts'
import { isJsonObject, type Json, type JsonObject } from '../identity/strict-json.ts'

/** In bytes of JSON: they are read with every request of the session. */
const MOST_BYTES = 8 * 1024

/**
 * A proven token's claims as the session keeps them for the webhook, in JSON. A token with more than 8 KiB of them is refused
 * whole: a webhook that denies by a claim would not see it. Throws InvalidIdentityToken.
 */
export function keepForWebhook(claims: JsonObject): string {
  const text = JSON.stringify(claims)
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw invalidToken('its claims take more than the 8 KiB that are kept of them')
  return text
}

/** The claims as the webhook is told them: as the token had them, but for `policy`, whose list MinIO joins by commas. */
export function toldClaims(kept: string): Readonly<Record<string, Json>> {
  const claims: Json = JSON.parse(kept)
  if (!isJsonObject(claims)) return {}
  const { policy } = claims
  return Array.isArray(policy) ? { ...claims, policy: policy.join(',') } : claims
}
