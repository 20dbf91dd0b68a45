import type { ConditionContext } from '../policy/types.ts'
import { audienceValues } from './claims.ts'
import { isJsonObject, type Json, type JsonObject, member } from './strict-json.ts'

/**
 * The condition keys `<issuer without scheme>:<claim>` of a proven token. A claim of exactly that name comes first, else
 * `a.b` is member `b` of claim `a`, at any depth. Lists have several values; numbers and booleans are text. `app_id` (Ceph)
 * is every audience, whatever claim has that name; `oaud` (AWS) is `aud`. Keys of other issuers are absent, and so is null.
 */
export function claimsContext(issuerWithoutScheme: string, claims: JsonObject): ConditionContext {
  const prefix = `${issuerWithoutScheme}:`.toLowerCase()
  return {
    get(key) {
      if (!key.toLowerCase().startsWith(prefix)) return undefined
      const name = key.slice(prefix.length)
      if (mayBeOfAnotherProvider(name)) return undefined
      if (name.toLowerCase() === 'app_id') return everyAudience(claims)
      if (name.toLowerCase() === 'oaud') return claimTexts(member(claims, 'aud'))
      return claimTexts(claimAt(claims, name))
    },
  }
}

/**
 * `localhost:8080/realm:sub` is a key of the provider `localhost:8080/realm`, and must not be answered by a claim of the provider
 * `localhost` that is named `8080/realm:sub`. Claims named by a URL are no such: a port is a number.
 */
const mayBeOfAnotherProvider = (claim: string) => claim.includes(':') && !NAMESPACED.test(claim)

/** Claims that are URLs, URNs, or of Amazon Cognito (`cognito:groups`, `custom:tenant`): no provider's name ends so. */
const NAMESPACED = /^(?:https?:\/\/|urn:|cognito:[\w-]+$|custom:[\w-]+$)/i

/** Ceph: the values of `aud`; a token without it is for its client. */
function everyAudience(claims: JsonObject): readonly string[] | undefined {
  const named = audienceValues(claims)
  if (named.length > 0) return named
  const clients = ['azp', 'client_id'].flatMap((name) => claimTexts(member(claims, name)) ?? [])
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

/** The values of one claim by its plain name, as the context of these claims has them. */
export const claimValues = (claims: JsonObject, name: string): readonly string[] | undefined =>
  claimTexts(memberOfAnyCase(claims, name))

/** A claim's values as policies compare them; `undefined` when it is absent or null. */
export function claimTexts(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (value === null) return undefined
  return Array.isArray(value) ? value.map(text) : [text(value)]
}

/** What has no text of its own stays a value that no policy names, so that no condition passes for want of it. */
function text(value: Json): string {
  if (typeof value === 'string') return value
  // Two large integers may have been rounded to the same number, and must not pass for each other.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return `${value} (rounded)`
  return JSON.stringify(value)
}
