import { SignatureRefusal } from './refusal.ts'
import type { UnverifiedSignature } from './signature.ts'
import { formatBasicTimestamp } from './timestamp.ts'

const SKEW_MS = 15 * 60_000

/**
 * A signature counts within 15 minutes of its time, both edges included. S3 keeps a presigned one for its X-Amz-Expires
 * instead; STS and IAM give it the same 15 minutes, whatever X-Amz-Expires says, as `aws eks get-token` (which asks for
 * 60 seconds and uses the URL for 14 minutes) relies on.
 */
export function requireFresh({ kind, timestamp, expires, scope }: UnverifiedSignature, now: number): void {
  const lifetime = kind === 'presigned' && scope.service === 's3' ? (expires ?? 0) * 1_000 : SKEW_MS
  if (now > timestamp + lifetime) throw new SignatureRefusal('signature-expired', facts(timestamp, now, -SKEW_MS), kind)
  if (timestamp > now + SKEW_MS) {
    throw new SignatureRefusal('signature-not-yet-current', facts(timestamp, now, SKEW_MS), kind)
  }
}

function facts(timestamp: number, now: number, skew: number) {
  return {
    timestamp: formatBasicTimestamp(timestamp),
    now: formatBasicTimestamp(now),
    limit: formatBasicTimestamp(now + skew),
  }
}
