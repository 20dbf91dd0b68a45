import { randomUUID } from 'node:crypto'
import { StsError } from '../errors.ts'
import { parseAccount, sourceMark } from '../store/entities/account.ts'
import { markOf, parseRevocation } from '../store/entities/session.ts'
import { accountKey, sessionKey } from '../store/keys.ts'
import { ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'

/** The longest session (36 hours) and eight that descend from one another, of twelve hours each. */
const MARK_SECONDS = 129_600 + 8 * 43_200
const MOST_TRIES = 5

export interface Revocation {
  /** In the account of the caller: the mark of another account has no effect on the session. */
  readonly account: string
  readonly accessKeyId: string
  /** Milliseconds since the epoch; a session that was issued later is left alone. */
  readonly issuedBefore: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Marks one session as revoked, so that it and all that descend from it are refused from their next request on. One that
 * has left the table gets a mark in its place, for its descendants may live: one of the caller's account, beside those of
 * others, who cannot know whose it was. Of another account's session nothing is changed, and nothing is told.
 */
export async function revokeSession(store: Store, revocation: Revocation): Promise<void> {
  const { account, accessKeyId, issuedBefore, now } = revocation
  const key = sessionKey(accessKeyId)
  const expiresAt = Math.floor(now / 1000) + MARK_SECONDS
  await untilSettled(async () => {
    const item = await store.get(key)
    const owner = item && parseRevocation(item).account
    if (owner === undefined) {
      // Ids of another form were never a session's.
      if (!/^ASIA[A-Z2-7]{16}$/.test(accessKeyId)) return
      const condition = item ? ({ exists: true, equals: { account: null } } as const) : ({ exists: false } as const)
      await store.update(key, { set: { [markOf(account)]: now, expiresAt } }, { condition })
      return
    }
    const later = typeof item?.issuedAt === 'number' && item.issuedAt > issuedBefore
    if (owner !== account || later) return
    await store.update(
      key,
      { set: { revokedAt: now, expiresAt } },
      { condition: { exists: true, equals: { account } } },
    )
  })
}

/**
 * Puts off every session of a user, role, provider or account that was issued at or before an instant (ms). The mark never
 * goes back. `isMeant` says whether the row is the very entity that was named. Answers false when there is no such one.
 */
export async function revokeIssuedBefore(
  store: Store,
  key: Key,
  isMeant: (item: Item) => boolean,
  issuedBefore: number,
): Promise<boolean> {
  return untilSettled(async () => {
    const item = await store.get(key)
    if (!item || !isMeant(item)) return false
    const current = typeof item.revokedBefore === 'number' ? item.revokedBefore : null
    if (current !== null && current >= issuedBefore) return true
    await store.update(
      key,
      { set: { revokedBefore: issuedBefore } },
      { condition: { exists: true, equals: { revokedBefore: current, createdAt: createdAtOf(item) } } },
    )
    return true
  })
}

/** Marks lie on the account's row, which has room for so many. */
const MOST_SOURCE_MARKS = 100

/**
 * Puts off every session that a configured identity source (`oidc/default`) began in the account at or before an instant
 * (ms). A source has no row of its own, so the mark lies on the account's, which every verification reads anyway; whether
 * there is such a source is not known here. The mark never goes back. Throws LimitExceeded.
 */
export async function revokeSource(store: Store, account: string, source: string, issuedBefore: number): Promise<void> {
  const key = accountKey(account)
  const name = sourceMark(source)
  await untilSettled(async () => {
    const item = await store.get(key)
    const { revokedSources = {} } = item ? parseAccount(item) : {}
    const current = revokedSources[source]
    if (current !== undefined && current >= issuedBefore) return
    if (current === undefined && Object.keys(revokedSources).length >= MOST_SOURCE_MARKS) {
      throw new StsError('LimitExceeded', `Sessions of ${MOST_SOURCE_MARKS} sources were revoked already.`)
    }
    await store.update(
      key,
      // A new revision tells writers of the whole row that theirs is outdated.
      { set: { [name]: issuedBefore, revision: randomUUID() } },
      { condition: { exists: true, equals: { [name]: current ?? null } } },
    )
  })
}

const createdAtOf = ({ createdAt }: Item) => (typeof createdAt === 'number' ? createdAt : null)

/** Repeats a change that lost a race: it starts from what is there then. */
async function untilSettled<T>(change: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await change()
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error
    }
  }
}
