import { invalidToken } from './refusal.ts'
import { type JsonObject, member, parseStrictJsonObject } from './strict-json.ts'

/** A JWS whose form is sound and whose signature nobody has looked at. Everything in it is a claim of the sender. */
export interface UnverifiedJws {
  readonly claimedAlgorithm: string
  readonly claimedKeyId: string | undefined
  readonly unverifiedPayload: Buffer
  /** The ASCII bytes that the signature is over (RFC 7515 section 5.2). */
  readonly signingInput: Buffer
  readonly signature: Buffer
}

/** A JWT (RFC 7519) whose signature nobody has looked at. */
export interface UnverifiedToken extends UnverifiedJws {
  readonly unverifiedClaims: JsonObject
  /** Only good for finding the provider whose keys will decide. */
  readonly claimedIssuer: string
}

/** AWS: the longest `WebIdentityToken` (sts/2011-06-15 clientTokenType). */
const MAX_LENGTH = 20_000

/** Kinds of JWT that the same issuers sign for other ends (RFC 8725 section 3.12): none of them says who the sender is. */
const OTHER_KINDS = new Set([
  'logout+jwt',
  'secevent+jwt',
  'dpop+jwt',
  'token-introspection+jwt',
  'entity-statement+jwt',
  'oauth-authz-req+jwt',
  'client-authentication+jwt',
])

/**
 * Splits a compact JWS strictly: three parts of canonical base64url without padding, a header of strict JSON with an
 * asymmetric `alg`. Refused: encrypted and nested tokens, `crit` and `b64` (RFC 7515 section 4.1.11, RFC 7797), `none`, HS*.
 * White space around the token is dropped, because SDKs send the token file's last newline. Proves nothing.
 */
export function parseUnverifiedJws(text: string): UnverifiedJws {
  const token = text.trim()
  if (token.length > MAX_LENGTH) throw invalidToken(`it is longer than ${MAX_LENGTH} characters`)
  const parts = token.split('.')
  const [header, payload, signature] = parts
  if (parts.length === 5) throw invalidToken('it is encrypted; send a signed one')
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    throw invalidToken('it is no JWT of three parts')
  }
  return {
    ...headerOf(header),
    unverifiedPayload: decodeCanonical(payload),
    signingInput: Buffer.from(token.slice(0, header.length + 1 + payload.length), 'latin1'),
    signature: decodeCanonical(signature),
  }
}

/** As parseUnverifiedJws, and the payload is an object of claims that names an issuer. Proves nothing. */
export function parseUnverifiedToken(text: string): UnverifiedToken {
  const jws = parseUnverifiedJws(text)
  const unverifiedClaims = parseObject(jws.unverifiedPayload, 'its payload')
  const claimedIssuer = member(unverifiedClaims, 'iss')
  if (typeof claimedIssuer !== 'string' || claimedIssuer === '') throw invalidToken('its "iss" claim names no issuer')
  return { ...jws, unverifiedClaims, claimedIssuer }
}

type ClaimedHeader = Pick<UnverifiedJws, 'claimedAlgorithm' | 'claimedKeyId'>

/** Headers by their text, which says all: one key's tokens share theirs. Whoever sends others can only push them out. */
const headers = new Map<string, ClaimedHeader>()
const MOST_HEADERS = 100
const LONGEST_KEPT_HEADER = 1_000

function headerOf(part: string): ClaimedHeader {
  const known = headers.get(part)
  if (known) return known
  const header = parseHeader(decodeCanonical(part))
  if (part.length > LONGEST_KEPT_HEADER) return header
  if (headers.size >= MOST_HEADERS) headers.clear()
  headers.set(part, header)
  return header
}

function parseHeader(bytes: Buffer): ClaimedHeader {
  const header = parseObject(bytes, 'its header')
  const alg = member(header, 'alg')
  const kid = member(header, 'kid')
  const typ = member(header, 'typ')
  const cty = member(header, 'cty')
  if (member(header, 'crit') !== undefined) throw invalidToken('its header has "crit"; no extensions are understood')
  if (member(header, 'b64') !== undefined)
    throw invalidToken('its header has "b64"; only encoded payloads are understood')
  if (member(header, 'enc') !== undefined) throw invalidToken('it is encrypted; send a signed one')
  if (typeof alg !== 'string') throw invalidToken('its header has no "alg"')
  if (/^(none|HS.*)$/i.test(alg)) throw invalidToken('it is not signed with a private key of the issuer')
  if (kid !== undefined && typeof kid !== 'string') throw invalidToken('the "kid" of its header is no string')
  if (typ !== undefined && (typeof typ !== 'string' || OTHER_KINDS.has(mediaType(typ)))) {
    throw invalidToken('the "typ" of its header says that it is no identity or access token')
  }
  if (cty !== undefined && (typeof cty !== 'string' || mediaType(cty) === 'jwt')) {
    throw invalidToken('it wraps another token; send the inner one')
  }
  return { claimedAlgorithm: alg, claimedKeyId: kid }
}

/** RFC 7515 section 4.1.9: the prefix `application/` may be left out. */
const mediaType = (value: string) => value.toLowerCase().replace(/^application\//, '')

function parseObject(bytes: Uint8Array, what: string): JsonObject {
  try {
    return parseStrictJsonObject(bytes)
  } catch (cause) {
    throw invalidToken(`${what} is no strict JSON object`, cause)
  }
}

/** Two spellings of the same bytes would make two tokens of one, so only the shortest spelling is read (RFC 4648 section 3.5). */
function decodeCanonical(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw invalidToken('it is not canonical base64url')
  return bytes
}
