import { StsError } from '../errors.ts'

const DEFAULT_SECONDS = 3600

/**
 * When a role session ends: seconds since the epoch. The model has checked the bounds of 900 and 43,200; here the role's
 * own maximum counts. AWS refuses a longer wish and does not shorten it.
 */
export function roleSessionEnd(
  startedAt: number,
  durationSeconds: number | undefined,
  maxSessionDuration: number,
): number {
  const duration = durationSeconds ?? DEFAULT_SECONDS
  if (duration > maxSessionDuration) {
    throw new StsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return Math.floor(startedAt / 1000) + duration
}
