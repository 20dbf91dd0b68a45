import type { QueryPair } from './canonical.ts'
import { parseCredential, parseSignatureDigits, parseSignedHeaders, requireScope } from './claims.ts'
import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { SignableRequest, UnverifiedSignature } from './signature.ts'
import { parseBasicTimestamp } from './timestamp.ts'

const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
] as const
const OPTIONAL = ['X-Amz-Expires', 'X-Amz-Security-Token'] as const
const SPELLINGS = new Map([...REQUIRED, ...OPTIONAL].map((name) => [name.toLowerCase(), name]))
const WEEK_SECONDS = 604_800

type Parameter = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]

/** Whether any parameter of a presigned request is there, however it is spelled. */
export function hasPresignedParameters(pairs: readonly QueryPair[]): boolean {
  return pairs.some(([name]) => SPELLINGS.has(name.toLowerCase()))
}

/** The claim of a presigned request's query; each parameter exactly once, in its exact spelling. */
export function parsePresigned(
  pairs: readonly QueryPair[],
  request: SignableRequest,
  service: string,
): Omit<UnverifiedSignature, 'payload' | 'request'> {
  const values = presignedValues(pairs)
  const get = (name: Parameter) => values.get(name) ?? ''
  const algorithm = get('X-Amz-Algorithm')
  if (algorithm === 'AWS4-ECDSA-P256-SHA256') throw new SignatureRefusal('signature-version-4a', {}, 'presigned')
  if (algorithm !== '' && algorithm !== 'AWS4-HMAC-SHA256')
    throw new SignatureRefusal('unsupported-scheme', {}, 'presigned')
  requireAll(values, service)
  const basicTimestamp = get('X-Amz-Date')
  const timestamp = parseBasicTimestamp(basicTimestamp)
  if (timestamp === undefined) throw new SignatureRefusal('date-malformed', {}, 'presigned')

  const { accessKeyId, terminator, scope } = parseCredential(get('X-Amz-Credential'), 'presigned')
  requireScope(scope, terminator, service, basicTimestamp, 'presigned')
  const token = values.get('X-Amz-Security-Token')
  if (headerOf(request.headers, 'x-amz-security-token') !== undefined) {
    throw new SignatureRefusal('two-tokens', {}, 'presigned')
  }
  const expires = values.get('X-Amz-Expires')
  return {
    kind: 'presigned',
    claimedAccessKeyId: accessKeyId,
    ...(token === undefined ? {} : { claimedSessionToken: token }),
    scope,
    signedHeaders: parseSignedHeaders(get('X-Amz-SignedHeaders'), 'presigned'),
    signature: parseSignatureDigits(get('X-Amz-Signature'), 'presigned'),
    timestamp,
    basicTimestamp,
    ...(expires === undefined ? {} : { expires: parseExpires(expires) }),
  }
}

function presignedValues(pairs: readonly QueryPair[]): Map<Parameter, string> {
  const values = new Map<Parameter, string>()
  const seen = new Set<string>()
  for (const [name, encoded] of pairs) {
    const lower = name.toLowerCase()
    if (!lower.startsWith('x-amz-')) continue
    const spelling = SPELLINGS.get(lower)
    if (seen.has(lower) || (spelling !== undefined && spelling !== name)) {
      throw new SignatureRefusal('presigned-malformed', { parameter: spelling ?? lower }, 'presigned')
    }
    seen.add(lower)
    if (spelling !== undefined) values.set(spelling, decode(encoded))
  }
  return values
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (cause) {
    throw new SignatureRefusal('uri-malformed', {}, 'presigned', { cause })
  }
}

function requireAll(values: ReadonlyMap<Parameter, string>, service: string): void {
  const required: readonly Parameter[] = service === 's3' ? [...REQUIRED, 'X-Amz-Expires'] : REQUIRED
  const missing = required
    .filter((name) => !values.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'.`)
  if (missing.length === 0) return
  const message = `${missing.join(' ')} Re-examine the query-string parameters.`
  throw new SignatureRefusal('authorization-incomplete', { missing: message }, 'presigned')
}

function parseExpires(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new SignatureRefusal('expires-malformed', {}, 'presigned')
  const seconds = Number(text)
  if (seconds < 1 || seconds > WEEK_SECONDS) throw new SignatureRefusal('expires-out-of-range', {}, 'presigned')
  return seconds
}
