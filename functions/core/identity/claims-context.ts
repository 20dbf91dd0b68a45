import type { ConditionContext } from '../policy/types.ts'
import { audienceValues } from './claims.ts'
import { isJsonObject, type Json, type JsonObject, member } from './strict-json.ts'

/**
 * The condition keys `<issuer without scheme>:<claim>` of a proven token. A claim of exactly that name comes first, else
 * `a.b` is member `b` of claim `a`, at any depth. Lists have several values; numbers and booleans are text. `app_id` (Ceph)
 * is every audience, whatever claim has that name; `oaud` (AWS) is `aud`. Keys of other issuers are absent, and so is what
 * has no text of its own: objects, null, and integers that JSON readers round.
 */
export function claimsContext(issuerWithoutScheme: string, claims: JsonObject): ConditionContext {
  const prefix = `${issuerWithoutScheme}:`.toLowerCase()
  return {
    get(key) {
      if (!key.toLowerCase().startsWith(prefix)) return undefined
      const name = key.slice(prefix.length)
      if (name.toLowerCase() === 'app_id') return everyAudience(claims)
      if (name.toLowerCase() === 'oaud') return texts(member(claims, 'aud'))
      return texts(claimAt(claims, name))
    },
  }
}

/** Ceph: the values of `aud`; a token without it is for its client. */
function everyAudience(claims: JsonObject): readonly string[] | undefined {
  const named = audienceValues(claims)
  if (named.length > 0) return named
  const clients = ['azp', 'client_id'].flatMap((name) => texts(member(claims, name)) ?? [])
  return clients.length > 0 ? [...new Set(clients)] : undefined
}

function claimAt(claims: JsonObject, path: string): Json | undefined {
  const own = memberOfAnyCase(claims, path)
  if (own !== undefined) return own
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const parent = memberOfAnyCase(claims, path.slice(0, dot))
    const found = isJsonObject(parent) ? claimAt(parent, path.slice(dot + 1)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Condition keys have no case (IAM JSON policy elements), claims have: the exact name, or the only one that differs in case. */
function memberOfAnyCase(object: JsonObject, name: string): Json | undefined {
  const exact = member(object, name)
  if (exact !== undefined) return exact
  const alike = Object.keys(object).filter((own) => own.toLowerCase() === name.toLowerCase())
  return alike.length === 1 && alike[0] !== undefined ? object[alike[0]] : undefined
}

function texts(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value)) return value.flatMap((element: Json) => text(element) ?? [])
  const single = text(value)
  return single === undefined ? undefined : [single]
}

function text(value: Json): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number') return undefined
  // Two large integers may have been rounded to the same number, and must not pass for each other.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
}
