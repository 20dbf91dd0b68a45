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
  /** Waits, in milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/** An attempt that may go on. One of which it is not said what became of it counts as a failure soon. */
export interface SignInAttempt {
  /** The password was right and gave rights: the attempt is no failure, and the network is one of this name's from now on. */
  succeed(): Promise<void>
  /** The password was wrong, or gave no rights. */
  fail(): Promise<void>
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
/** No attempt takes longer. */
const PENDING_FOR = MINUTE / 2
const UNPAUSED = 3
const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 4_000]
/** Many may sign in by one name at once: the eleventh waits until it is known what became of the others. */
const [TURN_PAUSE, MOST_TURNS] = [100, 50]
const MOST_TRIES = 5
/** What became of an attempt should not be lost; some ten others tell theirs at the same time. */
const MOST_TRIES_TO_SETTLE = 30

/**
 * Lets an attempt at a name's password go on, after a pause that grows with the failures before; counts it before it is made,
 * so that guesses made at once are all counted. `undefined`: refused. After 10 failures in 15 minutes from one network, that
 * network is refused for this name for 15 minutes; nobody can bring that about from elsewhere. Guesses from many networks are
 * refused after 100 in 15 minutes, except from networks from which the right password came in the last 30 days. Nothing here
 * depends on whether there is such a user. Rejects with StoreUnavailable.
 */
export async function beginSignIn(
  deps: SignInDeps,
  name: SignInName,
  network: string,
): Promise<SignInAttempt | undefined> {
  const { store, clock, pause } = deps
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const now = clock.now()
    const [row, totalRow] = await store.getMany([signInKey(name, network), signInTotalKey(name)])
    const known = row && parseSignIn(row)
    const isKnown = known?.lastSuccessAt !== undefined && known.lastSuccessAt > now - KNOWN_FOR
    if (isLocked(known, now) || (!isKnown && isExhausted(totalRow && parseSignInTotal(totalRow), now))) return undefined
    const reserved = await reserve(store, name, network, row, now)
    if (reserved) {
      const counted = isKnown ? undefined : await countStranger(store, name, totalRow, now)
      const attempt = attemptOf(deps, name, network, now, reserved, counted)
      if (counted && counted.failures > MOST_FAILURES_OF_STRANGERS) {
        await attempt.fail()
        return undefined
      }
      const failures = countFailures(known, now)
      if (failures >= UNPAUSED) await pause(Math.min(FIRST_PAUSE * 2 ** (failures - UNPAUSED), LONGEST_PAUSE))
      return attempt
    }
    await pause(TURN_PAUSE)
  }
  return undefined
}

function attemptOf(
  { store, clock }: SignInDeps,
  name: SignInName,
  network: string,
  at: number,
  reserved: Item,
  counted: SignInTotal | undefined,
): SignInAttempt {
  const settle = (to: (known: Kept) => Kept) =>
    change(store, name, network, reserved, (known) => to(without(kept(known, clock.now()), at)), MOST_TRIES_TO_SETTLE)
  const uncount = () => counted && uncountStranger(store, name, counted.since)
  return {
    async succeed() {
      await Promise.all([settle((known) => ({ ...known, lastSuccessAt: clock.now() })), uncount()])
    },
    async fail() {
      await settle((known) => locked({ ...known, failures: [...known.failures, at] }, clock.now()))
    },
    async withdraw() {
      await Promise.all([settle((known) => known), uncount()])
    },
  }
}

const isLocked = (attempts: Kept | undefined, now: number) => (attempts?.lockedUntil ?? 0) > now

const isExhausted = (total: SignInTotal | undefined, now: number) =>
  total !== undefined && total.since > now - WINDOW && total.failures >= MOST_FAILURES_OF_STRANGERS

type Kept = Pick<SignInAttempts, 'failures' | 'pending' | 'lockedUntil' | 'lastSuccessAt'>

/** What still counts: an attempt of which nothing was heard is a failure, and so locks. */
function kept(attempts: SignInAttempts | undefined, now: number): Kept {
  const { failures = [], pending = [], lockedUntil, lastSuccessAt } = attempts ?? {}
  const lost = pending.filter((at) => at <= now - PENDING_FOR)
  const known = {
    failures: [...failures, ...lost].filter((at) => at > now - WINDOW),
    pending: pending.filter((at) => at > now - PENDING_FOR),
    ...(lockedUntil === undefined || lockedUntil <= now ? {} : { lockedUntil }),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
  }
  return lost.length > 0 ? locked(known, now) : known
}

const countFailures = (attempts: SignInAttempts | undefined, now: number) => kept(attempts, now).failures.length

const locked = (known: Kept, now: number): Kept =>
  known.failures.length >= MOST_FAILURES ? { lockedUntil: now + WINDOW, ...known } : known

function without(known: Kept, at: number): Kept {
  const index = known.pending.indexOf(at)
  return { ...known, pending: known.pending.filter((_, position) => position !== index) }
}

/** Notes that an attempt begins at this instant. Answers the row then; `undefined` when it must wait for others. */
async function reserve(store: Store, name: SignInName, network: string, seen: Item | undefined, now: number) {
  return change(store, name, network, seen, (attempts) => {
    const known = kept(attempts, now)
    const full = known.failures.length + known.pending.length >= MOST_FAILURES
    return full || isLocked(known, now) ? undefined : { ...known, pending: [...known.pending, now] }
  })
}

/** One conditional write; who loses a race starts from what is there then, a few times. Answers the row that it wrote. */
async function change(
  store: Store,
  name: SignInName,
  network: string,
  seen: Item | undefined,
  to: (known: SignInAttempts | undefined) => Kept | undefined,
  mostTries = MOST_TRIES,
): Promise<Item | undefined> {
  let row = seen
  for (let tries = 1; tries <= mostTries; tries++) {
    const known = row && parseSignIn(row)
    const changed = to(known)
    if (!changed) return undefined
    const next = { ...changed, revision: (known?.revision ?? 0) + 1, expiresAt: endOf(changed) }
    const condition = known
      ? ({ exists: true, equals: { revision: known.revision } } as const)
      : ({ exists: false } as const)
    try {
      const item = signInItem(name, network, next)
      await store.put(item, { condition, durability: 'session' })
      return item
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
    row = await store.get(signInKey(name, network))
  }
  return undefined
}

function endOf({ failures, pending, lockedUntil = 0, lastSuccessAt }: Kept): number {
  const last = Math.max(...failures, ...pending, 0) + WINDOW
  const known = lastSuccessAt === undefined ? 0 : lastSuccessAt + KNOWN_FOR
  return Math.ceil(Math.max(last, lockedUntil, known) / 1000)
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
