import { type QueryPair, queryPairs } from './canonical.ts'
import { requireCoverage } from './coverage.ts'
import { headerOf } from './headers.ts'
import { parseAuthorization } from './parse-authorization.ts'
import { hasPresignedParameters, parsePresigned } from './parse-presigned.ts'
import { parsePayloadMode } from './payload-mode.ts'
import { SignatureRefusal } from './refusal.ts'
import type { SignableRequest, UnverifiedSignature } from './signature.ts'

interface ParseOptions {
  /** The service that is asked (`sts`, `iam`, `s3`): the scope must name it. S3 has rules of its own. */
  readonly service: string
}

/**
 * Reads who claims to have signed, and how. Undefined: no signature at all. It proves the form, the place and the
 * coverage of the signature (host, every x-amz-* header, one session token, one mechanism) and nothing about its truth.
 * Throws a SignatureRefusal.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function parseSignature(request: SignableRequest, { service }: ParseOptions): UnverifiedSignature | undefined {
  const authorization = headerOf(request.headers, 'authorization')
  const pairs = queryPairs(request.rawQuery)
  const presigned = hasPresignedParameters(pairs)
  const version2 = hasVersion2Parameters(pairs)
  if (authorization !== undefined && (presigned || version2)) throw new SignatureRefusal('two-mechanisms')
  if (version2) throw new SignatureRefusal('signature-version-2')
  if (authorization === undefined && !presigned) return undefined

  const claim =
    authorization === undefined
      ? parsePresigned(pairs, request, service)
      : parseAuthorization(authorization, request, service)
  const unverified = { ...claim, payload: parsePayloadMode(request, pairs, claim.kind, service), request }
  requireCoverage(unverified)
  return unverified
}

function hasVersion2Parameters(pairs: readonly QueryPair[]): boolean {
  return pairs.some(([name]) => name === 'AWSAccessKeyId' || name === 'SignatureVersion' || name === 'Signature')
}
