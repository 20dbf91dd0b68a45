import { ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'

/**
 * Writes a row that is made from what is there now. When another writer comes in between, it is made again from what that
 * one wrote: so an id that was given once stays.
 */
export async function replaceItem(
  store: Store,
  key: Key,
  idField: string,
  make: (existing: Item | undefined) => Item,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const existing = await store.get(key)
    const item = make(existing)
    const id = existing?.[idField]
    const condition =
      existing && typeof id === 'string'
        ? ({ exists: true, equals: { [idField]: id } } as const)
        : ({ exists: false } as const)
    try {
      return await store.put(item, { condition })
    } catch (error) {
      if (!(error instanceof ConditionFailed) || attempt === 5) throw error
    }
  }
}
