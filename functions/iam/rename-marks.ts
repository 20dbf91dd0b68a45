import { randomUUID } from 'node:crypto'
import { StsError } from '@daypass/core/errors.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { idOf, keyOf, unchanged } from './row-kind.ts'

/** On the row of the old name: the new name, which this renaming alone may give. */
export const RENAMED_TO = 'renamedTo'
/** On the row of the new name, until the renaming is over: the old name. */
export const RENAMED_FROM = 'renamedFrom'

/** Whether a row is about to get the name, or to get one at all when none is given. */
export const isRenamedTo = ({ [RENAMED_TO]: to }: Item, name?: string): boolean =>
  typeof to === 'string' && (name === undefined || to.toLowerCase() === name.toLowerCase())

/**
 * Lets nobody change or remove an entity that is being renamed: it has two rows then, and what one of them loses must not
 * live on in the other. A row that a renaming has left behind, finished or given up, is put in order: afterwards it is to be
 * read again, and the answer is false. Throws EntityTemporarilyUnmodifiable, ConditionFailed.
 */
export async function isSettled(store: Store, id: string, item: Item): Promise<boolean> {
  if (isRenamedTo(item)) throw underWay(String(item[RENAMED_TO]))
  const { [RENAMED_FROM]: from } = item
  if (typeof from !== 'string') return true
  const source = await store.get({ pk: item.pk, sk: from.toLowerCase() })
  const condition = unchanged(item, { id })
  if (!source || idOf(source, id) !== idOf(item, id)) {
    await store.update(keyOf(item), { set: { revision: randomUUID() }, remove: [RENAMED_FROM] }, { condition })
  } else if (isRenamedTo(source, item.sk)) {
    throw underWay(item.sk)
  } else {
    await store.remove(keyOf(item), { condition })
  }
  return false
}

const underWay = (name: string) =>
  new StsError(
    'EntityTemporarilyUnmodifiable',
    `The entity is being renamed to ${name}. Wait until it is, or repeat the request that renames it.`,
  )
