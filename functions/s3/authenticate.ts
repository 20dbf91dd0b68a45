import { authenticate } from '@daypass/core/authentication/authenticate.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { anonymousContent, verifiedContent } from '@daypass/core/sigv4/content.ts'
import type { Authenticate } from './deps.ts'

/**
 * Proves who signed a request to S3, from its head alone. The body is bound to the signature while it is read. A request
 * that nobody claims to have signed is anonymous.
 */
export function s3Authenticate(deps: CredentialDeps): Authenticate {
  return async (head) => {
    const { method, rawPath: path, rawQuery, headers } = head
    const signed = await authenticate(deps, { method, path, rawQuery, headers }, { service: 's3', body: 'streamed' })
    if (!signed) return { content: (body) => anonymousContent(headers, body) }
    return { caller: signed.caller, content: (body) => verifiedContent(signed.signature, headers, body) }
  }
}
