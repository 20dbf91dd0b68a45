import { authenticate } from '@daypass/core/authentication/authenticate.ts'
import { authenticateForm } from '@daypass/core/authentication/authenticate-form.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { anonymousContent, verifiedContent } from '@daypass/core/sigv4/content.ts'
import { bucketKey } from '@daypass/core/store/keys.ts'
import type { Authenticate, AuthenticateForm } from './deps.ts'

/**
 * Proves who signed a request to S3, from its head alone. The body is bound to the signature while it is read. A request
 * that nobody claims to have signed is anonymous.
 */
export function s3Authenticate(deps: CredentialDeps): Authenticate {
  return async (head, unverifiedBucketName) => {
    const { method, rawPath: path, rawQuery, headers } = head
    // The bucket's row decides, like the caller's own: it comes in the same round trip.
    const alongside = unverifiedBucketName === undefined ? [] : [bucketKey(unverifiedBucketName)]
    const request = { method, path, rawQuery, headers }
    const signed = await authenticate(deps, request, { service: 's3', body: 'streamed', alongside })
    if (!signed) return { content: (body) => anonymousContent(headers, body) }
    const { caller, signature, rows } = signed
    return { caller, rows, signedAt: signature.timestamp, content: (body) => verifiedContent(signature, headers, body) }
  }
}

/** Proves who signed the policy of a browser's upload; the bucket's row comes in the same round trip. */
export const s3AuthenticateForm =
  (deps: CredentialDeps): AuthenticateForm =>
  (form, unverifiedBucketName) =>
    authenticateForm(deps, form, [bucketKey(unverifiedBucketName)])
