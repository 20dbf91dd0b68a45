import type { Clock } from '../deps.ts'
import { parseSignIn, type SignInAttempts, signInItem } from '../store/entities/sign-in.ts'
import { type SignInName, signInKey, signInNetworkKey, signInTotalKey } from '../store/keys.ts'
import { ConditionFailed, type Item, type Store } from '../store/port.ts'
import { type Counted, count, isOver, isSpent, uncount, WINDOW } from './sign-in-totals.ts'

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
  /** There is no such directory: for the name the attempt never was, for its network it was one at a new name. */
  misdirected(): Promise<void>
}

const MINUTE = 60_000
/** From one network, for one name. */
const MOST_FAILURES = 10
/** From all networks together from which the right password did not come lately, for one name. */
const MOST_FAILURES_OF_STRANGERS = 100
/** From one network at names of which nothing is known there: each leaves rows, and whoever tries one password at many names. */
const MOST_NEW_NAMES = 300
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
 * refused after 100 in 15 minutes, except from networks from which the right password came in the last 30 days. From one
 * network 300 names are tried in 15 minutes, besides those that are known there by a right password or a failure: any other is
 * refused and leaves no row. Nothing here depends on whether there is such a user. Rejects with StoreUnavailable.
 */
export async function beginSignIn(
  deps: SignInDeps,
  name: SignInName,
  network: string,
): Promise<SignInAttempt | undefined> {
  const { store, clock, pause } = deps
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const now = clock.now()
    const [totalKey, networkKey] = [signInTotalKey(name), signInNetworkKey(name.account, network)]
    const [row, totalRow, networkRow] = await store.getMany([signInKey(name, network), totalKey, networkKey])
    const known = row && parseSignIn(row)
    const isKnown = known?.lastSuccessAt !== undefined && known.lastSuccessAt > now - KNOWN_FOR
    if (isLocked(known, now) || (!isKnown && isSpent(totalRow, MOST_FAILURES_OF_STRANGERS, now))) return undefined
    const isNew = !isKnown && saysNothing(kept(known, now))
    if (isNew && isSpent(networkRow, MOST_NEW_NAMES, now)) return undefined
    const reserved = await reserve(store, name, network, row, now)
    if (reserved) {
      const [ofName, ofNetwork] = await Promise.all([
        isKnown ? undefined : count(store, totalKey, totalRow, now),
        isNew ? count(store, networkKey, networkRow, now) : undefined,
      ])
      const attempt = attemptOf(deps, name, network, now, reserved, { ofName, ofNetwork })
      if (isOver(ofName, MOST_FAILURES_OF_STRANGERS) || isOver(ofNetwork, MOST_NEW_NAMES)) {
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
  { ofName, ofNetwork }: { ofName: Counted | undefined; ofNetwork: Counted | undefined },
): SignInAttempt {
  const settle = (to: (known: Kept) => Kept) =>
    change(
      store,
      name,
      network,
      reserved,
      clock.now(),
      (known) => to(without(kept(known, clock.now()), at)),
      MOST_TRIES_TO_SETTLE,
    )
  return {
    async succeed() {
      const succeeded = settle((known) => ({ ...known, lastSuccessAt: clock.now() }))
      await Promise.all([succeeded, uncount(store, ofName), uncount(store, ofNetwork)])
    },
    async fail() {
      await settle((known) => locked({ ...known, failures: [...known.failures, at] }, clock.now()))
    },
    async withdraw() {
      await Promise.all([settle((known) => known), uncount(store, ofName), uncount(store, ofNetwork)])
    },
    async misdirected() {
      await Promise.all([settle((known) => known), uncount(store, ofName)])
    },
  }
}

const isLocked = (attempts: Kept | undefined, now: number) => (attempts?.lockedUntil ?? 0) > now

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

const saysNothing = ({ failures, pending, lockedUntil, lastSuccessAt }: Kept) =>
  failures.length === 0 && pending.length === 0 && lockedUntil === undefined && lastSuccessAt === undefined

const countFailures = (attempts: SignInAttempts | undefined, now: number) => kept(attempts, now).failures.length

const locked = (known: Kept, now: number): Kept =>
  known.failures.length >= MOST_FAILURES ? { lockedUntil: now + WINDOW, ...known } : known

function without(known: Kept, at: number): Kept {
  const index = known.pending.indexOf(at)
  return { ...known, pending: known.pending.filter((_, position) => position !== index) }
}

/** Notes that an attempt begins at this instant. Answers the row then; `undefined` when it must wait for others. */
async function reserve(store: Store, name: SignInName, network: string, seen: Item | undefined, now: number) {
  return change(store, name, network, seen, now, (attempts) => {
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
  at: number,
  to: (known: SignInAttempts | undefined) => Kept | undefined,
  mostTries = MOST_TRIES,
): Promise<Item | undefined> {
  let row = seen
  for (let tries = 1; tries <= mostTries; tries++) {
    const known = row && parseSignIn(row)
    const changed = to(known)
    if (!changed) return undefined
    const next = { ...changed, revision: (known?.revision ?? 0) + 1, expiresAt: endOf(changed, at) }
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

/** Not before now: DynamoDB deletes no row whose time was over five years ago (its Developer Guide, "Using TTL"). */
function endOf({ failures, pending, lockedUntil = 0, lastSuccessAt }: Kept, now: number): number {
  const last = Math.max(...[...failures, ...pending].map((at) => at + WINDOW), now)
  const known = lastSuccessAt === undefined ? 0 : lastSuccessAt + KNOWN_FOR
  return Math.ceil(Math.max(last, lockedUntil, known) / 1000)
}
