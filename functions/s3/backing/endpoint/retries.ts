import { ContentFailure, StoreFailure } from './failures.ts'

/** As often as the AWS SDKs try (AWS SDKs and Tools reference guide, "Retry behavior"). */
export const MAX_ATTEMPTS = 3

/** Ways for a connection to fail before any answer. */
const CONNECTION: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
/** Those by which nothing has reached the store. */
const UNREACHED: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'])

const THROTTLED: ReadonlySet<string> = new Set(['SlowDown', 'RequestLimitExceeded', 'Throttling', 'TooManyRequests'])

/** Whether the same request may fare better: the store was busy, faulty or could not be reached. */
export function attemptsAgain(error: unknown, once: boolean): boolean {
  if (error instanceof ContentFailure) return false
  if (error instanceof StoreFailure) {
    const { status, code } = error
    if (status === 503 || status === 429 || THROTTLED.has(code)) return true
    return !once && (status === 500 || status === 502 || status === 504 || code === 'RequestTimeout')
  }
  const reason = error instanceof Error && 'code' in error ? error.code : undefined
  return (once ? UNREACHED : CONNECTION).has(reason)
}
