import type { QueryPair } from './canonical.ts'
import { headerOf } from './headers.ts'
import { SignatureRefusal } from './refusal.ts'
import type { PayloadMode, SignableRequest, UnverifiedSignature } from './signature.ts'

const STREAMING: ReadonlyMap<string, PayloadMode> = new Map(
  (
    [
      { mode: 'streaming', literal: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', signed: true, trailer: false },
      { mode: 'streaming', literal: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', signed: true, trailer: true },
      { mode: 'streaming', literal: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', signed: false, trailer: true },
    ] as const
  ).map((mode) => [mode.literal, mode]),
)

/**
 * How the request says that its body is bound to the signature. S3 must be told, except in a presigned request, where
 * silence means UNSIGNED-PAYLOAD; any other service takes the body's own hash and nothing weaker.
 */
export function parsePayloadMode(
  request: SignableRequest,
  pairs: readonly QueryPair[],
  kind: UnverifiedSignature['kind'],
  service: string,
): PayloadMode {
  const refuse = (reason: 'content-sha256-missing' | 'content-sha256-malformed' | 'payload-not-signed') =>
    new SignatureRefusal(reason, {}, kind)
  const header = headerOf(request.headers, 'x-amz-content-sha256')
  const parameter = kind === 'presigned' ? pairs.find(([name]) => name === 'X-Amz-Content-Sha256')?.[1] : undefined
  if (header !== undefined && parameter !== undefined && header !== parameter) throw refuse('content-sha256-malformed')
  const stated = parameter ?? header
  if (stated === undefined) {
    if (service !== 's3') return { mode: 'unstated' }
    if (kind === 'presigned') return { mode: 'unsigned' }
    throw refuse('content-sha256-missing')
  }
  const payload = parseContentSha256(stated)
  if (payload === undefined) throw refuse('content-sha256-malformed')
  const unbound = payload.mode !== 'sha256' && service !== 's3'
  if (unbound || (payload.mode === 'streaming' && kind === 'presigned')) throw refuse('payload-not-signed')
  return payload
}

/** The value of x-amz-content-sha256; undefined when it is none that S3 knows. */
export function parseContentSha256(stated: string): PayloadMode | undefined {
  if (/^[0-9a-f]{64}$/.test(stated)) return { mode: 'sha256', sha256: stated }
  return stated === 'UNSIGNED-PAYLOAD' ? { mode: 'unsigned' } : STREAMING.get(stated)
}
