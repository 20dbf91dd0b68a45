import type { Clock } from '../deps.ts'
import {
  parseSignIn,
  parseSignInTotal,
  type SignInAttempts,
  type SignInTotal,
  signInItem,
  signInTotalItem,
} from '../store/entities/sign-in.ts'
import { type SignInName, signInKey, signInTotalKey } from '../store/keys.ts'
import { ConditionFailed, type Item, type Store } from '../store/port.ts'

export interface SignInDeps {
  readonly store: Store
  readonly clock: Clock
}

/** An attempt that may go on, and counts as a failure until it is said what became of it. */
export interface SignInAttempt {
  /** How long to wait before the password is looked at; it grows with the failures before. In milliseconds. */
  readonly pause: number
  /** The password was right and gave rights: the attempt is no failure, and the network is one of this name's from now on. */
  succeed(): Promise<void>
  /** Nobody looked at the password: the attempt never was. */
  withdraw(): Promise<void>
}

const MINUTE = 60_000
const WINDOW = 15 * MINUTE
/** From one network, for one name. */
const MOST_FAILURES = 10
/** From all networks together from which the right password did not come lately, for one name. */
const MOST_FAILURES_OF_STRANGERS = 100
/** How long a network is remembered from which the right password came. */
const KNOWN_FOR = 30 * 24 * 60 * MINUTE
const UNPAUSED = 3
const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 4_000]
const MOST_TRIES = 5

/**
 * Counts an attempt at a name's password before it is made, so that guesses made at once are all counted. `undefined`: refused.
 * After 10 failures in 15 minutes from one network, that network is refused for this name for 15 minutes; nobody can bring
 * that about from elsewhere. Guesses from many networks are refused after 100 in 15 minutes, except from networks from which
 * the right password came in the last 30 days. Nothing here depends on whether there is such a user. Rejects with
 * StoreUnavailable.
 */
export async function beginSignIn(
  { store, clock }: SignInDeps,
  name: SignInName,
  network: string,
): Promise<SignInAttempt | undefined> {
  const now = clock.now()
  const [row, totalRow] = await store.getMany([signInKey(name, network), signInTotalKey(name)])
  const known = row && parseSignIn(row)
  const isKnown = known?.lastSuccessAt !== undefined && known.lastSuccessAt > now - KNOWN_FOR
  const total = totalRow && parseSignInTotal(totalRow)
  if (isLocked(known, now) || (!isKnown && isExhausted(total, now))) return undefined
  const before = await reserve(store, name, network, row, now)
  if (before === undefined) return undefined
  const counted = isKnown ? undefined : await countStranger(store, name, totalRow, now)
  if (counted && counted.failures > MOST_FAILURES_OF_STRANGERS) return undefined
  const settle = async (outcome: Pick<SignInAttempts, 'lastSuccessAt'>) => {
    await Promise.all([
      release(store, name, network, now, outcome),
      counted && uncountStranger(store, name, counted.since),
    ])
  }
  return {
    pause: before < UNPAUSED ? 0 : Math.min(FIRST_PAUSE * 2 ** (before - UNPAUSED), LONGEST_PAUSE),
    succeed: () => settle({ lastSuccessAt: clock.now() }),
    withdraw: () => settle({}),
  }
}

const isLocked = (attempts: SignInAttempts | undefined, now: number) => (attempts?.lockedUntil ?? 0) > now

const isExhausted = (total: SignInTotal | undefined, now: number) =>
  total !== undefined && total.since > now - WINDOW && total.failures >= MOST_FAILURES_OF_STRANGERS

const recent = (attempts: SignInAttempts | undefined, now: number) =>
  (attempts?.failures ?? []).filter((at) => at > now - WINDOW)

/** Adds a failure at this instant. Answers how many there were before; `undefined` when others took the last one meanwhile. */
async function reserve(store: Store, name: SignInName, network: string, seen: Item | undefined, now: number) {
  let before: number | undefined
  await change(store, name, network, seen, (known) => {
    const failures = recent(known, now)
    before = isLocked(known, now) || failures.length >= MOST_FAILURES ? undefined : failures.length
    if (before === undefined) return undefined
    const all = [...failures, now]
    return {
      failures: all,
      ...(all.length < MOST_FAILURES ? {} : { lockedUntil: now + WINDOW }),
      ...(known?.lastSuccessAt === undefined ? {} : { lastSuccessAt: known.lastSuccessAt }),
    }
  }).catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error
    // So many guess at once from that network that none of them goes on.
    before = undefined
  })
  return before
}

/** Takes back one failure of that instant, and with it the lock that it may have brought. One that cannot be, stays. */
async function release(
  store: Store,
  name: SignInName,
  network: string,
  at: number,
  outcome: Pick<SignInAttempts, 'lastSuccessAt'>,
): Promise<void> {
  const seen = await store.get(signInKey(name, network))
  await change(store, name, network, seen, (known) => {
    const failures = [...(known?.failures ?? [])]
    const index = failures.indexOf(at)
    if (index !== -1) failures.splice(index, 1)
    const lastSuccessAt = outcome.lastSuccessAt ?? known?.lastSuccessAt
    return { failures, ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }) }
  }).catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error
  })
}

type Changed = Pick<SignInAttempts, 'failures' | 'lockedUntil' | 'lastSuccessAt'>

/** One conditional write; who loses a race starts from what is there then. Rejects with ConditionFailed after a few. */
async function change(
  store: Store,
  name: SignInName,
  network: string,
  seen: Item | undefined,
  to: (known: SignInAttempts | undefined) => Changed | undefined,
): Promise<void> {
  let row = seen
  for (let tries = 1; ; tries++) {
    const known = row && parseSignIn(row)
    const changed = to(known)
    if (!changed) return
    const next = { ...changed, revision: (known?.revision ?? 0) + 1, expiresAt: endOf(changed) }
    const condition = known
      ? ({ exists: true, equals: { revision: known.revision } } as const)
      : ({ exists: false } as const)
    try {
      await store.put(signInItem(name, network, next), { condition, durability: 'session' })
      return
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error
    }
    row = await store.get(signInKey(name, network))
  }
}

function endOf({ failures, lockedUntil = 0, lastSuccessAt }: Changed): number {
  const known = lastSuccessAt === undefined ? 0 : lastSuccessAt + KNOWN_FOR
  return Math.ceil(Math.max((failures.at(-1) ?? 0) + WINDOW, lockedUntil, known) / 1000)
}

/** Answers the sum with this one. Many count at once, so that within a window the table adds up by itself. */
async function countStranger(
  store: Store,
  name: SignInName,
  seen: Item | undefined,
  now: number,
): Promise<SignInTotal> {
  const fresh = { since: now, failures: 1, expiresAt: Math.ceil((now + WINDOW) / 1000) }
  let row = seen
  for (let tries = 1; ; tries++) {
    const total = row && parseSignInTotal(row)
    try {
      if (total && total.since > now - WINDOW) {
        const condition = { exists: true, equals: { since: total.since } } as const
        const added = { add: { failures: 1 } }
        return parseSignInTotal(await store.update(signInTotalKey(name), added, { condition, durability: 'session' }))
      }
      const condition = total
        ? ({ exists: true, equals: { since: total.since } } as const)
        : ({ exists: false } as const)
      await store.put(signInTotalItem(name, fresh), { condition, durability: 'session' })
      return fresh
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error
    }
    row = await store.get(signInTotalKey(name))
  }
}

/** Of a window that is over nothing is to be taken back. */
async function uncountStranger(store: Store, name: SignInName, since: number): Promise<void> {
  const condition = { exists: true, equals: { since } } as const
  try {
    await store.update(signInTotalKey(name), { add: { failures: -1 } }, { condition, durability: 'session' })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
  }
}
