import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { UnverifiedSignature } from './signature.ts'

/** CloudFront adds it after the client has signed. */
const ADDED_ON_THE_WAY = new Set(['x-amz-cf-id'])

/**
 * What must be signed is signed: the host, every x-amz-* header that is present (the session token among them), and
 * nothing that is absent. A presigned GET carries no body.
 */
export function requireCoverage({ kind, signedHeaders, request }: UnverifiedSignature): void {
  if (!signedHeaders.includes('host')) throw new SignatureRefusal('host-not-signed', {}, kind)
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-amz-') && !ADDED_ON_THE_WAY.has(name) && !signedHeaders.includes(name)) {
      throw new SignatureRefusal('header-not-signed', { header: name }, kind)
    }
  }
  for (const name of signedHeaders) {
    if (headerOf(request.headers, name) === undefined) throw new SignatureRefusal('signed-header-missing', {}, kind)
  }
  if (
    kind === 'presigned' &&
    (request.method === 'GET' || request.method === 'HEAD') &&
    announcesBody(request.headers)
  ) {
    throw new SignatureRefusal('presigned-body', {}, kind)
  }
}

function announcesBody(headers: Readonly<Record<string, string>>): boolean {
  return (headerOf(headers, 'content-length') ?? '0') !== '0' || headerOf(headers, 'transfer-encoding') !== undefined
}
