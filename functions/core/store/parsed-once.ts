import type { Item } from './port.ts'

/**
 * A parser of rows that remembers what it made of a row that cannot change: an adapter that gives the same object to all who
 * ask (the embedded store) freezes it whole, and gives another once the row was written. Rows that are not frozen are parsed
 * each time. What is remembered is shared too, so it is frozen and `parse` must not look at anything but the row. Since that
 * is frozen, what follows from it alone may be remembered in the same way.
 */
export function parsedOnce<T extends object, From extends object = Item>(parse: (item: From) => T): (item: From) => T {
  const known = new WeakMap<From, T>()
  return (item) => {
    const before = known.get(item)
    if (before) return before
    if (!Object.isFrozen(item)) return parse(item)
    const parsed = Object.freeze(parse(item))
    known.set(item, parsed)
    return parsed
  }
}
