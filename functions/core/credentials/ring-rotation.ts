import { newStoredKey, type StoredKey, type StoredRing } from './key-ring.ts'

/** The session ring forgets what no living session needs; the long-term ring keeps every key, for backups that need it. */
export type RingKind = 'session' | 'long-term'

/** A rotation takes a minute; an hour leaves time for steps that Secrets Manager repeats. */
const MADE_BEFORE_IT_SEALS_MS = 60 * 60_000
/** Readers refresh every 5 minutes; twice that, so that one whose read fails once has another. */
const READ_BEFORE_IT_SEALS_MS = 10 * 60_000
/** The longest session: GetSessionToken and GetFederationToken, 36 hours. */
const LONGEST_SESSION_MS = 129_600_000
/** How long a function that cannot read the ring may go on sealing with the key that it has. */
const LATE_SEALS_MS = 60 * 60_000
/** Far above daily rotation of either kind for a year; a Secrets Manager secret holds 64 KiB, some 400 keys. */
const MOST_KEYS = 366

/**
 * The ring with one more key, which seals from an hour on. In the session ring each older key then opens for as long as a
 * session may live that it sealed last, and keys past that are dropped; the long-term ring drops none. `now` is in ms since
 * the epoch. Throws a plain Error when the ring would grow past what a secret can hold.
 */
export function rotateRing(ring: StoredRing, kind: RingKind, now: number): StoredRing {
  const key = { ...newStoredKey(now), sealsFrom: now + MADE_BEFORE_IT_SEALS_MS }
  const opensUntil = key.sealsFrom + LATE_SEALS_MS + LONGEST_SESSION_MS
  const older = kind === 'session' ? ring.keys.filter(stillOpens(now)).map(endingAt(opensUntil)) : ring.keys
  if (older.length >= MOST_KEYS) throw new Error(`the ring holds ${older.length} keys already: rotate it less often`)
  return { keys: [...older, key] }
}

/**
 * What is wrong with putting `next` in the place of `current` at `now` (ms), or `undefined`. What the ring in force has
 * sealed must open with the next one for as long as it is needed, and everybody must have read the new key before it seals.
 */
export function flawOfSuccessor(next: StoredRing, current: StoredRing, now: number): string | undefined {
  for (const key of current.keys.filter(stillOpens(now))) {
    const kept = next.keys.find(({ id }) => id === key.id)
    if (!kept || kept.secret !== key.secret || kept.sealsFrom !== key.sealsFrom)
      return `it lacks key ${key.id} as it was`
    if ((kept.opensUntil ?? Number.POSITIVE_INFINITY) < (key.opensUntil ?? now + LONGEST_SESSION_MS)) {
      return `key ${key.id} would end while sessions live that it sealed`
    }
  }
  const fresh = next.keys.filter(({ id }) => !current.keys.some((key) => key.id === id))
  if (fresh.length !== 1) return `it has ${fresh.length} new keys instead of one`
  const [{ opensUntil, sealsFrom }] = fresh as [StoredKey]
  if (opensUntil !== undefined) return 'its new key has an end'
  return sealsFrom - now < READ_BEFORE_IT_SEALS_MS
    ? 'its new key would seal before every function has read it'
    : undefined
}

const stillOpens = (now: number) => (key: StoredKey) => key.opensUntil === undefined || now < key.opensUntil

/** An end that was decided stays. */
const endingAt =
  (opensUntil: number) =>
  (key: StoredKey): StoredKey => ({ ...key, opensUntil: key.opensUntil ?? opensUntil })
