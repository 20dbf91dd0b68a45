import { isJsonObject, type Json, type JsonObject, member } from '../identity/strict-json.ts'
import type { OpenIdSource } from './openid-source.ts'
import { listed } from './variables.ts'

/** Names of policies and groups that an identity claims, or that its source was given for it. */
export interface ClaimedNames {
  readonly policies: readonly string[]
  readonly groups: readonly string[]
}

const GROUPS_CLAIM = 'groups'

/**
 * What the claims of a token name (MinIO: the `policy` claim): a string, a list of strings, or comma-separated ones, under
 * the claim that the source has been told; anything else names nothing. Groups are those of the claim `groups`, unless that
 * one names policies. With a role policy the token names nothing at all.
 */
export function claimedNames(claims: JsonObject, source: OpenIdSource): ClaimedNames {
  if (source.rolePolicy) return { policies: source.rolePolicy, groups: [] }
  const policyClaim = `${source.claimPrefix}${source.claimName}`
  const groups = policyClaim === GROUPS_CLAIM ? [] : texts(member(claims, GROUPS_CLAIM))
  return {
    policies: distinct(texts(claimAt(claims, policyClaim)).flatMap(listed)),
    // Keycloak writes a group of the top level as a path.
    groups: distinct(groups.map((name) => name.replace(/^\/(?=[^/]+$)/, ''))),
  }
}

/** A claim of exactly that name, else `a.b` is member `b` of claim `a`, at any depth. Letters of another case are another claim. */
export function claimAt(claims: JsonObject, path: string): Json | undefined {
  const own = member(claims, path)
  if (own !== undefined) return own
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const parent = member(claims, path.slice(0, dot))
    const found = isJsonObject(parent) ? claimAt(parent, path.slice(dot + 1)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function texts(value: Json | undefined): readonly string[] {
  const values: readonly Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return values.filter((each) => typeof each === 'string')
}

const distinct = (names: readonly string[]) => [...new Set(names)]
