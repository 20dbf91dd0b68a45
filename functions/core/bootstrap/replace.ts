import { randomUUID } from 'node:crypto'
import { type Condition, ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'

/**
 * Writes a row that is made from what is there now. When another writer comes in between (the API, a revocation), it is
 * made again from what that one wrote: so an id that was given once stays, and no revocation mark is lost.
 */
export async function replaceItem(
  store: Store,
  key: Key,
  idField: string,
  make: (existing: Item | undefined) => Item,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const existing = await store.get(key)
    const item = { ...make(existing), ...renamingOf(existing), revision: randomUUID() }
    try {
      return await store.put(item, { condition: asRead(existing, idField) })
    } catch (error) {
      if (!(error instanceof ConditionFailed) || attempt === 5) throw error
    }
  }
}

/** What the IAM API notes on the rows of a user or group that gets another name: it must be able to end what it began. */
const renamingOf = (existing: Item | undefined) =>
  Object.fromEntries(Object.entries(existing ?? {}).filter(([name]) => ['renamedTo', 'renamedFrom'].includes(name)))

function asRead(existing: Item | undefined, idField: string): Condition {
  if (!existing) return { exists: false }
  const scalar = (name: string) => {
    const value = existing[name]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  }
  const equals = Object.fromEntries([idField, 'revision', 'revokedBefore'].map((name) => [name, scalar(name)]))
  return { exists: true, equals }
}
