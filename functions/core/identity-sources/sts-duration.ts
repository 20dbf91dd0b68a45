import { type Environment, IdentitySourceError } from './variables.ts'

/** AWS lets a role's session last from 15 minutes to 12 hours; MinIO's setting may ask for more and gets those 12. */
const [SHORTEST, LONGEST] = [900, 43_200]

const NAMES = ['DAYPASS_STS_DURATION', 'MINIO_STS_DURATION'] as const

/**
 * How many seconds a session without a role lasts whose caller names no duration; `undefined` when the environment does not
 * say. An empty variable counts as absent. Throws IdentitySourceError.
 */
export function readStsDuration(env: Environment): number | undefined {
  const name = NAMES.find((each) => env[each])
  if (name === undefined) return undefined
  const seconds = durationOf(env[name] ?? '')
  const most = name === 'MINIO_STS_DURATION' ? Number.POSITIVE_INFINITY : LONGEST
  if (seconds === undefined || seconds < SHORTEST || seconds > most) {
    throw new IdentitySourceError(`${name} must be from 15m to 12h, such as 1h, 90m or 3600 (seconds).`)
  }
  return Math.min(seconds, LONGEST)
}

const SECONDS = { h: 3600, m: 60, s: 1 } as const

/** Whole seconds of `3600`, `1h`, `1h30m` or `1.5h` (MinIO: seconds, or Go's form); `undefined` for anything else. */
function durationOf(value: string): number | undefined {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  if (!/^(?:\d{1,6}(?:\.\d{1,6})?[hms])+$/.test(value)) return undefined
  const parts = [...value.matchAll(/([\d.]+)([hms])/g)]
  return Math.floor(parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit as 'h' | 'm' | 's'], 0))
}
