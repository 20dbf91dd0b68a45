import type { Item, Key } from '@daypass/core/store/port.ts'

/** A kind of row that the API changes: how it is read and written, and which attribute a row made anew does not share. */
export interface RowKind<T> {
  readonly parse: (item: Item) => T
  readonly toItem: (entity: T) => Item
  readonly id: string
}

/** The condition that nobody has changed a row since it was read: every change gives it another revision. */
export function unchanged(item: Item, { id }: Pick<RowKind<unknown>, 'id'>) {
  const { revision = null } = item
  const known = typeof revision === 'string' ? revision : null
  return { exists: true, equals: { [id]: idOf(item, id), revision: known } } as const
}

export const keyOf = ({ pk, sk }: Item): Key => ({ pk, sk })
export const idOf = (item: Item, id: string) => String(item[id])
