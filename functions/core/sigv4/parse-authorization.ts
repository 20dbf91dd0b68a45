import { parseCredential, parseSignatureDigits, parseSignedHeaders, requireScope } from './claims.ts'
import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { SignableRequest, UnverifiedSignature } from './signature.ts'
import { formatBasicTimestamp, parseBasicTimestamp, parseDateHeader } from './timestamp.ts'

const PARTS = ['Credential', 'Signature', 'SignedHeaders'] as const
const EQUALS = 0x3d

/** The claim of an Authorization header; each part exactly once, nothing else beside them. */
export function parseAuthorization(
  authorization: string,
  request: SignableRequest,
  service: string,
): Omit<UnverifiedSignature, 'payload' | 'request'> {
  const parts = parseParts(authorization)
  if (PARTS.some((part) => !parts.get(part))) {
    const missing = PARTS.filter((part) => !parts.get(part))
    const sentences = missing.map((part) => `Authorization header requires '${part}' parameter.`)
    throw new SignatureRefusal('authorization-incomplete', { missing: sentences.join(' ') })
  }
  const { timestamp, basicTimestamp } = requestTime(request)

  const { accessKeyId, terminator, scope } = parseCredential(parts.get('Credential') ?? '', 'header')
  requireScope(scope, terminator, service, basicTimestamp, 'header')
  const token = headerOf(request.headers, 'x-amz-security-token')
  return {
    kind: 'header',
    claimedAccessKeyId: accessKeyId,
    ...(token === undefined ? {} : { claimedSessionToken: token }),
    scope,
    signedHeaders: parseSignedHeaders(parts.get('SignedHeaders') ?? '', 'header'),
    signature: parseSignatureDigits(parts.get('Signature') ?? '', 'header'),
    timestamp,
    basicTimestamp,
  }
}

/** x-amz-date, else Date, which signers turn into the basic form (IAM User Guide, "Elements of an AWS API request signature"). */
function requestTime({ headers }: SignableRequest): { timestamp: number; basicTimestamp: string } {
  const amzDate = headerOf(headers, 'x-amz-date')
  const date = headerOf(headers, 'date')
  if (amzDate === undefined && date === undefined) throw new SignatureRefusal('date-missing')
  const timestamp = amzDate === undefined ? parseDateHeader(date ?? '') : parseBasicTimestamp(amzDate)
  if (timestamp === undefined) throw new SignatureRefusal('date-malformed')
  return { timestamp, basicTimestamp: amzDate ?? formatBasicTimestamp(timestamp) }
}

function parseParts(authorization: string): Map<string, string> {
  const space = authorization.indexOf(' ')
  const algorithm = space < 0 ? authorization : authorization.slice(0, space)
  if (algorithm === 'AWS') throw new SignatureRefusal('signature-version-2')
  if (algorithm === 'AWS4-ECDSA-P256-SHA256') throw new SignatureRefusal('signature-version-4a')
  if (algorithm !== 'AWS4-HMAC-SHA256') throw new SignatureRefusal('unsupported-scheme')
  const parts = new Map<string, string>()
  if (space < 0) return parts
  for (const part of authorization.slice(space + 1).split(',')) {
    const text = part.trim()
    const name = PARTS.find((known) => text.startsWith(known) && text.charCodeAt(known.length) === EQUALS)
    // A second Authorization value joined by a comma lands here as an unknown or repeated part.
    if (name === undefined || parts.has(name)) throw new SignatureRefusal('authorization-malformed')
    parts.set(name, text.slice(name.length + 1))
  }
  return parts
}
