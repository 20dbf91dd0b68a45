import { hash } from 'node:crypto'
import {
  canonicalHeaderValue,
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  queryPairs,
  stringToSign,
} from './canonical.ts'
import { requireFresh } from './freshness.ts'
import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { UnverifiedSignature, VerifiedSignature } from './signature.ts'
import { signingKey } from './signing-key.ts'

interface VerifyOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /**
   * The whole body, whose hash is compared here. `'streamed'`, for S3 alone: the body comes later and the caller reads
   * it through `verifiedContent`, which refuses what was not signed.
   */
  readonly body: Uint8Array | 'streamed'
}

/**
 * Proves that the request, as it was parsed, was signed in time with this secret. It does not prove that the access key
 * is active or that the session token belongs to it. Throws a SignatureRefusal.
 */
export function verifySignature(
  unverified: UnverifiedSignature,
  secretAccessKey: string,
  { now, body }: VerifyOptions,
): VerifiedSignature {
  requireFresh(unverified, now)
  const payloadHash = signedPayloadHash(unverified, body)
  const { key, keep } = signingKey(secretAccessKey, unverified.scope)
  if (!key.hasSigned(textToSign(unverified, payloadHash), unverified.signature)) {
    throw new SignatureRefusal('signature-mismatch', {}, unverified.kind)
  }
  keep()
  const { kind, scope, timestamp, basicTimestamp, signature, payload, claimedAccessKeyId, claimedSessionToken } =
    unverified
  return {
    kind,
    accessKeyId: claimedAccessKeyId,
    ...(claimedSessionToken === undefined ? {} : { sessionToken: claimedSessionToken }),
    scope,
    timestamp,
    basicTimestamp,
    signature,
    signingKey: key,
    payload,
  } as VerifiedSignature
}

/** The last line of the canonical request; a body at hand must be the one that was signed. */
function signedPayloadHash(
  { payload, kind, scope, request }: UnverifiedSignature,
  body: Uint8Array | 'streamed',
): string {
  if (body === 'streamed') {
    if (scope.service !== 's3' || payload.mode === 'unstated') throw new TypeError('only S3 bodies are streamed')
  } else {
    if (kind === 'presigned' && body.length > 0 && (request.method === 'GET' || request.method === 'HEAD')) {
      throw new SignatureRefusal('presigned-body', {}, kind)
    }
    if (payload.mode === 'unstated') return hash('sha256', body, 'hex')
    if (payload.mode === 'sha256' && payload.sha256 !== hash('sha256', body, 'hex')) {
      throw new SignatureRefusal('content-sha256-mismatch', {}, kind)
    }
  }
  if (payload.mode === 'streaming') return payload.literal
  return payload.mode === 'sha256' ? payload.sha256 : 'UNSIGNED-PAYLOAD'
}

function textToSign(
  { kind, scope, signedHeaders, basicTimestamp, request }: UnverifiedSignature,
  payloadHash: string,
): string {
  const pairs = queryPairs(request.rawQuery)
  const query = kind === 'presigned' ? pairs.filter(([name]) => name !== 'X-Amz-Signature') : pairs
  const canonical = canonicalRequest(
    request.method,
    canonicalPath(request.path, scope.service === 's3' ? 's3' : 'normalized'),
    canonicalQuery(query),
    signedHeaders.map((name) => [name, canonicalHeaderValue(headerOf(request.headers, name) ?? '')] as const),
    payloadHash,
  )
  const { date, region, service } = scope
  const scopeText = `${date}/${region}/${service}/aws4_request`
  return stringToSign(basicTimestamp, scopeText, hash('sha256', canonical, 'hex'))
}
