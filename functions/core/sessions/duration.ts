import { StsError } from '../errors.ts'

const AN_HOUR = 3600
const TWELVE_HOURS = 43_200

/**
 * When a role session ends: seconds since the epoch. The model has checked the bounds of 900 and 43,200; here the role's
 * own maximum counts, and an hour for a session that was made with another role's session (AWS: role chaining). AWS
 * refuses a longer wish and does not shorten it.
 */
export function roleSessionEnd(
  startedAt: number,
  durationSeconds: number | undefined,
  maxSessionDuration: number,
  { chained = false } = {},
): number {
  const duration = durationSeconds ?? AN_HOUR
  if (chained && duration > AN_HOUR) {
    throw new StsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
  if (duration > maxSessionDuration) {
    throw new StsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return sessionEnd(startedAt, duration)
}

/**
 * When a session of GetSessionToken or GetFederationToken ends: after twelve hours unless its caller wishes otherwise
 * within the model's 900 … 129,600 seconds; root's after an hour at most, which AWS gives in place of a longer wish.
 */
export function ownSessionEnd(startedAt: number, durationSeconds = TWELVE_HOURS, { root = false } = {}): number {
  return sessionEnd(startedAt, root ? Math.min(durationSeconds, AN_HOUR) : durationSeconds)
}

/** Seconds since the epoch; `startedAt` is in milliseconds. */
export const sessionEnd = (startedAt: number, seconds: number): number => Math.floor(startedAt / 1000) + seconds
