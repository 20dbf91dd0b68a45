import { invalidToken } from './refusal.ts'
import { isJsonObject, type Json, type JsonObject, member } from './strict-json.ts'

export interface ClaimedTag {
  readonly key: string
  readonly values: readonly string[]
}

/** What an issuer asks the session to carry. */
export interface SessionClaims {
  readonly tags: readonly ClaimedTag[]
  /** Those of the tags that survive role chaining. */
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
}

const TAGS = 'https://aws.amazon.com/tags'
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity'
const MAX_TAGS = 50
/** AWS: sts/2011-06-15 tagKeyType, tagValueType, sourceIdentityType. */
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u
const SOURCE_IDENTITY_TEXT = /^[\w+=,.@-]{2,64}$/

/**
 * Session tags and the source identity of a proven token (IAM User Guide, "Passing session tags using
 * AssumeRoleWithWebIdentity"): the nested claim `https://aws.amazon.com/tags`, and the flat ones
 * `https://aws.amazon.com/tags/principal_tags/<key>` of issuers that cannot nest. `severalValues` is the Ceph-style
 * dialect: a tag may have several values, and keys may differ in case alone. Whether the role lets a session be tagged is
 * the trust policy's question. Throws InvalidIdentityToken.
 */
export function parseSessionClaims(
  claims: JsonObject,
  { severalValues }: { readonly severalValues: boolean },
): SessionClaims {
  if (!Object.keys(claims).some(isOfAws)) return { tags: [], transitiveTagKeys: [] }
  const nested = member(claims, TAGS)
  if (nested !== undefined && !isJsonObject(nested)) throw invalidToken('its tags claim is no object')
  const nestedTags = member(nested ?? {}, 'principal_tags')
  if (nestedTags !== undefined && !isJsonObject(nestedTags))
    throw invalidToken('the principal_tags of its tags claim are no object')
  const flat = Object.entries(claims).flatMap(([name, value]): [string, Json][] =>
    name.startsWith(`${TAGS}/principal_tags/`) ? [[name.slice(`${TAGS}/principal_tags/`.length), value]] : [],
  )
  const tags = [...Object.entries(nestedTags ?? {}), ...flat].map(([key, value]) => parseTag(key, value, severalValues))
  if (tags.length > MAX_TAGS) throw invalidToken(`it has more than ${MAX_TAGS} session tags`)
  const keys = tags.map(({ key }) => (severalValues ? key : key.toLowerCase()))
  if (new Set(keys).size !== keys.length) throw invalidToken('a session tag occurs twice in it')
  const transitive = [member(nested ?? {}, 'transitive_tag_keys'), member(claims, `${TAGS}/transitive_tag_keys`)]
  const named = transitive.flatMap((list) => (list === undefined ? [] : parseTransitiveKeys(list)))
  const sourceIdentity = parseSourceIdentity(member(claims, SOURCE_IDENTITY))
  return {
    tags,
    transitiveTagKeys: tags.map(({ key }) => key).filter((key) => named.includes(key.toLowerCase())),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  }
}

/** Whether a claim could say any of this: most tokens have none. */
const isOfAws = (name: string) => name.startsWith('https://aws.amazon.com/')

function parseTag(key: string, value: Json, severalValues: boolean): ClaimedTag {
  if (!TAG_KEY.test(key) || key.toLowerCase().startsWith('aws:')) throw invalidToken('a session tag has an invalid key')
  const values: readonly Json[] = Array.isArray(value) ? value : [value]
  if (values.length === 0 || (values.length > 1 && !severalValues)) {
    throw invalidToken('a session tag does not have exactly one value')
  }
  return {
    key,
    values: values.map((text) => {
      if (typeof text !== 'string' || !TAG_VALUE.test(text)) throw invalidToken('a session tag has an invalid value')
      return text
    }),
  }
}

/** In lower case: tag keys have no case. */
function parseTransitiveKeys(list: Json): readonly string[] {
  if (!Array.isArray(list) || list.length > MAX_TAGS)
    throw invalidToken('its transitive_tag_keys are no list of tag keys')
  return list.map((key: Json) => {
    if (typeof key !== 'string') throw invalidToken('its transitive_tag_keys are no list of tag keys')
    return key.toLowerCase()
  })
}

function parseSourceIdentity(value: Json | undefined): string | undefined {
  if (value !== undefined && (typeof value !== 'string' || !SOURCE_IDENTITY_TEXT.test(value))) {
    throw invalidToken('its source identity does not have 2 to 64 characters of letters, digits and _+=,.@-')
  }
  return value
}
