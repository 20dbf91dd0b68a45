import { hash, type KeyObject, verify } from 'node:crypto'
import { canonicalHeaderValue, canonicalPath, canonicalQuery, canonicalRequest, queryPairs } from './canonical.ts'
import { parseCredential, parseSignedHeaders, requireScope } from './claims.ts'
import { requireCoverage } from './coverage.ts'
import { requireFresh } from './freshness.ts'
import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { SignableRequest, UnverifiedSignature } from './signature.ts'
import { parseBasicTimestamp } from './timestamp.ts'

/** The algorithms of "The IAM Roles Anywhere authentication signing process", and the kind of key that each takes. */
const ALGORITHMS = {
  'AWS4-X509-RSA-SHA256': 'rsa',
  'AWS4-X509-ECDSA-SHA256': 'ec',
} as const

type X509Algorithm = keyof typeof ALGORITHMS

const PARTS = ['Credential', 'Signature', 'SignedHeaders'] as const
/** In hexadecimal digits: of RSA-8192. */
const MOST_SIGNATURE_DIGITS = 2_048

/** Whether a request says that it was signed with a certificate's key; nothing of it is proven. */
export const claimsX509Signature = (authorization: string | undefined): boolean =>
  authorization?.startsWith('AWS4-X509-') === true

/** A signature as the request claims it. Well-formed, and covering what it must cover; whether it is true is unproven. */
export interface UnverifiedX509Signature extends Pick<UnverifiedSignature, 'scope' | 'signedHeaders' | 'request'> {
  readonly algorithm: X509Algorithm
  /** The certificate's serial number. */
  readonly claimedSerial: bigint
  readonly signature: Buffer
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly basicTimestamp: string
  readonly payloadSha256: string
}

/**
 * Reads an Authorization header of AWS4-X509. Proves the form, the scope and the coverage of the signature: host,
 * x-amz-date, x-amz-x509 and every other x-amz-* header, and that a stated hash is the body's. Throws a SignatureRefusal.
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 */
export function parseX509Signature(request: SignableRequest, body: Uint8Array): UnverifiedX509Signature {
  const { algorithm, parts } = parseHeader(headerOf(request.headers, 'authorization') ?? '')
  const basicTimestamp = headerOf(request.headers, 'x-amz-date')
  if (basicTimestamp === undefined) throw new SignatureRefusal('date-missing')
  const timestamp = parseBasicTimestamp(basicTimestamp)
  if (timestamp === undefined) throw new SignatureRefusal('date-malformed')
  const { accessKeyId: serial, scope, terminator } = parseCredential(parts.Credential, 'header')
  requireScope(scope, terminator, 'rolesanywhere', basicTimestamp, 'header')
  if (!/^[1-9]\d{0,48}$/.test(serial)) throw new SignatureRefusal('credential-malformed')
  const signedHeaders = parseSignedHeaders(parts.SignedHeaders, 'header')
  const payloadSha256 = hash('sha256', body, 'hex')
  const stated = headerOf(request.headers, 'x-amz-content-sha256')
  if (stated !== undefined && stated !== payloadSha256) throw new SignatureRefusal('content-sha256-mismatch')
  const claim = { scope, signedHeaders, request, timestamp, basicTimestamp }
  requireCoverage(covered(claim))
  return {
    ...claim,
    algorithm,
    claimedSerial: BigInt(serial),
    signature: parseDigits(parts.Signature),
    payloadSha256,
  }
}

/**
 * Proves that the request, as it was parsed, was signed in time with the private half of this key. That the key is anybody's
 * is not proven. Throws a SignatureRefusal.
 */
export function verifyX509Signature(unverified: UnverifiedX509Signature, key: KeyObject, now: number): void {
  const { algorithm, signature } = unverified
  requireFresh(covered(unverified), now)
  if (key.asymmetricKeyType !== ALGORITHMS[algorithm]) throw new SignatureRefusal('signature-mismatch')
  // RSASSA-PKCS1-v1_5, and ECDSA in DER: what both kinds of key do by default.
  if (!isTrue(textToSign(unverified), key, signature)) throw new SignatureRefusal('signature-mismatch')
}

function isTrue(text: string, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify('sha256', Buffer.from(text), key, signature)
  } catch {
    return false
  }
}

/** What the rules of both kinds of signatures ask about. */
function covered(
  claim: Pick<UnverifiedX509Signature, 'scope' | 'signedHeaders' | 'request' | 'timestamp' | 'basicTimestamp'>,
): UnverifiedSignature {
  return { ...claim, kind: 'header', claimedAccessKeyId: '', signature: '', payload: { mode: 'unstated' } }
}

function textToSign(unverified: UnverifiedX509Signature): string {
  const { algorithm, scope, signedHeaders, basicTimestamp, payloadSha256, request } = unverified
  const canonical = canonicalRequest(
    request.method,
    canonicalPath(request.path, 'normalized'),
    canonicalQuery(queryPairs(request.rawQuery)),
    signedHeaders.map((name) => [name, canonicalHeaderValue(headerOf(request.headers, name) ?? '')] as const),
    payloadSha256,
  )
  const { date, region, service } = scope
  return `${algorithm}\n${basicTimestamp}\n${date}/${region}/${service}/aws4_request\n${hash('sha256', canonical, 'hex')}`
}

function parseHeader(authorization: string) {
  const [, claimed = '', rest = ''] = /^(\S+) (.*)$/s.exec(authorization) ?? []
  if (!Object.hasOwn(ALGORITHMS, claimed)) throw new SignatureRefusal('unsupported-scheme')
  const parts: Partial<Record<(typeof PARTS)[number], string>> = {}
  for (const part of rest.split(',')) {
    const [, name, value] = /^\s*(\w+)=(\S+)\s*$/.exec(part) ?? []
    const known = PARTS.find((each) => each === name)
    if (known === undefined || value === undefined || parts[known] !== undefined) {
      throw new SignatureRefusal('authorization-malformed')
    }
    parts[known] = value
  }
  const { Credential, Signature, SignedHeaders } = parts
  if (Credential === undefined || Signature === undefined || SignedHeaders === undefined) {
    throw new SignatureRefusal('authorization-malformed')
  }
  return { algorithm: claimed as X509Algorithm, parts: { Credential, Signature, SignedHeaders } }
}

function parseDigits(text: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/.test(text) || text.length > MOST_SIGNATURE_DIGITS) {
    throw new SignatureRefusal('signature-mismatch')
  }
  return Buffer.from(text, 'hex')
}
