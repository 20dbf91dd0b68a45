import { randomUUID } from 'node:crypto'
import { StsError } from '@daypass/core/errors.ts'
import { ConditionFailed, type Item, type Store, type Value } from '@daypass/core/store/port.ts'
import { limitExceeded } from './errors.ts'
import { isSettled } from './rename-marks.ts'
import { idOf, keyOf, type RowKind, unchanged } from './row-kind.ts'

/** A row of the table holds 400 KiB, names of attributes included; white space in documents counts here. */
const MOST_BYTES = 380 * 1024

/** Tools attach many policies at once, and each round lets one of them through. */
const ATTEMPTS = 16

/**
 * Changes a row so that no concurrent change is lost: the write holds only if the row is still the one that `change` saw,
 * and otherwise `change` is asked again with what another writer made of it. Only attributes that `change` has changed are
 * written, so that a revocation mark set meanwhile stays. `allowed` is the entity for which the right was asked: a row that
 * is gone or was made anew under its name is not touched, nor one that is being renamed. Throws ConcurrentModification,
 * EntityTemporarilyUnmodifiable, or what `change` throws.
 */
export async function changeItem<T>(
  store: Store,
  kind: RowKind<T>,
  allowed: T,
  change: (entity: T) => T | Promise<T>,
): Promise<T> {
  return untilUndisturbed(store, kind, allowed, async (item) => {
    const before = kind.parse(item)
    const after = await change(before)
    const [former, latter] = [kind.toItem(before), kind.toItem(after)]
    const changed = Object.entries(latter).filter(([name, value]) => !same(former[name], value))
    const gone = Object.keys(former).filter((name) => latter[name] === undefined)
    if (changed.length === 0 && gone.length === 0) return after
    if (Buffer.byteLength(JSON.stringify(latter)) > MOST_BYTES) throw limitExceeded('BytesPerEntity', MOST_BYTES)
    const set: Record<string, Value> = { revision: randomUUID() }
    for (const [name, value] of changed) if (value !== undefined) set[name] = value
    await store.update(keyOf(item), { set, remove: gone }, { condition: unchanged(item, kind) })
    return after
  })
}

/**
 * Removes a row unless `check` throws. What refers to the row is protected when its writer calls `touchItem` after it has
 * written the reference: either this removal fails and `check` looks again, or the writer learns that the row is gone.
 */
export async function removeItem<T>(
  store: Store,
  kind: RowKind<T>,
  allowed: T,
  check: (entity: T) => void | Promise<void>,
): Promise<void> {
  await untilUndisturbed(store, kind, allowed, async (item) => {
    await check(kind.parse(item))
    await store.remove(keyOf(item), { condition: unchanged(item, kind) })
  })
}

/** Tells a row that something refers to it now; `false` when it is gone, and then the reference must go too. */
export async function touchItem<T>(store: Store, kind: RowKind<T>, entity: T): Promise<boolean> {
  const item = kind.toItem(entity)
  const condition = { exists: true, equals: { [kind.id]: idOf(item, kind.id) } } as const
  try {
    await store.update(keyOf(item), { set: { revision: randomUUID() } }, { condition })
    return true
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}

async function untilUndisturbed<T, R>(
  store: Store,
  kind: RowKind<T>,
  allowed: T,
  attempt: (item: Item) => Promise<R>,
): Promise<R> {
  const expected = kind.toItem(allowed)
  return untilUncontested(async () => {
    const item = await store.get(keyOf(expected))
    if (!item || idOf(item, kind.id) !== idOf(expected, kind.id)) throw concurrentModification()
    if (!(await isSettled(store, kind.id, item))) throw new ConditionFailed(item)
    return attempt(item)
  })
}

/** Repeats what lost a race. Throws ConcurrentModification when it loses too many. */
export async function untilUncontested<R>(attempt: () => Promise<R>): Promise<R> {
  for (let n = 0; n < ATTEMPTS; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
  }
  throw concurrentModification()
}

export const concurrentModification = () =>
  new StsError(
    'ConcurrentModification',
    'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.',
  )

const same = (a: Value | undefined, b: Value | undefined) => JSON.stringify(a) === JSON.stringify(b)
