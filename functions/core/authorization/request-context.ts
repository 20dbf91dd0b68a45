import type { HttpRequest } from '../http/request.ts'

/**
 * Condition keys of the request (IAM User Guide, "AWS global condition context keys"). The address is the peer's as the
 * adapter knows it; of the headers only those two that AWS has as keys are read.
 */
export function requestContextKeys(
  request: Pick<HttpRequest, 'sourceIp' | 'secure' | 'headers'>,
  now: number,
): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  keys.set('aws:SourceIp', [request.sourceIp])
  keys.set('aws:SecureTransport', [String(request.secure)])
  keys.set('aws:CurrentTime', instantOf(now).text)
  keys.set('aws:EpochTime', instantOf(now).seconds)
  // No service of AWS ever calls here on somebody's behalf; a Deny that asks must find an answer.
  keys.set('aws:PrincipalIsAWSService', NO)
  keys.set('aws:ViaAWSService', NO)
  const userAgent = request.headers['user-agent']
  const referer = request.headers.referer
  if (userAgent !== undefined) keys.set('aws:UserAgent', [userAgent])
  if (referer !== undefined) keys.set('aws:Referer', [referer])
  return keys
}

interface Instant {
  readonly now: number
  readonly text: readonly string[]
  readonly seconds: readonly string[]
}

let instant: Instant | undefined

/** The last one is kept: requests that are answered together have begun in the same millisecond. */
function instantOf(now: number): Instant {
  if (instant?.now === now) return instant
  instant = { now, text: [new Date(now).toISOString()], seconds: [String(Math.floor(now / 1000))] }
  return instant
}

const NO: readonly string[] = ['false']
