import { parseSignInTotal, type SignInTotal, signInTotalItem } from '../store/entities/sign-in.ts'
import { ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'

/** How long attempts count, in milliseconds. */
export const WINDOW = 15 * 60_000
const MOST_TRIES = 5

/** A sum in which an attempt was counted. */
export type Counted = SignInTotal & { readonly key: Key }

/** Whether a sum, as it was read, lets no further attempt be made. */
export function isSpent(row: Item | undefined, most: number, now: number): boolean {
  const total = row && parseSignInTotal(row)
  return total !== undefined && total.since > now - WINDOW && total.failures >= most
}

/** Whether an attempt was counted behind the last that may be made: several were begun at once. */
export const isOver = (counted: Counted | undefined, most: number): boolean =>
  counted !== undefined && counted.failures > most

/** Answers the sum with this one. Many count at once, so that within a window the table adds up by itself. */
export async function count(store: Store, key: Key, seen: Item | undefined, now: number): Promise<Counted> {
  const fresh = { since: now, failures: 1, expiresAt: Math.ceil((now + WINDOW) / 1000) }
  let row = seen
  for (let tries = 1; ; tries++) {
    const total = row && parseSignInTotal(row)
    try {
      if (total && total.since > now - WINDOW) {
        const condition = { exists: true, equals: { since: total.since } } as const
        const added = { add: { failures: 1 } }
        const row = await store.update(key, added, { condition, durability: 'session' })
        return { ...parseSignInTotal(row), key }
      }
      const condition = total
        ? ({ exists: true, equals: { since: total.since } } as const)
        : ({ exists: false } as const)
      await store.put(signInTotalItem(key, fresh), { condition, durability: 'session' })
      return { ...fresh, key }
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error
    }
    row = await store.get(key)
  }
}

/** Of a window that is over nothing is to be taken back. */
export async function uncount(store: Store, counted: Counted | undefined): Promise<void> {
  if (!counted) return
  const condition = { exists: true, equals: { since: counted.since } } as const
  try {
    await store.update(counted.key, { add: { failures: -1 } }, { condition, durability: 'session' })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
  }
}
