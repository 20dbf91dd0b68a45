import { MAX_SORT_KEY_BYTES } from '@daypass/core/store/limits.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import type { ListQuery } from './listings-port.ts'
import type { StoredObject } from './port.ts'

/** One page of objects in the order of their keys. */
export interface ObjectPage<T = StoredObject> {
  readonly objects: readonly T[]
  readonly more: boolean
}

/** Objects whose keys start with `prefix` and sort behind `after`; an empty `after` is none. */
export type QueryObjects<T = StoredObject> = (prefix: string, after: string, limit: number) => Promise<ObjectPage<T>>

type Entry<T> = { readonly kind: 'object'; readonly object: T } | { readonly kind: 'prefix'; readonly prefix: string }

/** What a key counts as under a delimiter: everything up to its first occurrence behind the prefix, or nothing. */
export function commonPrefix(
  key: string,
  { prefix, delimiter }: Pick<ListQuery, 'prefix' | 'delimiter'>,
): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/**
 * The longest run of the last code point that still is a sort key: no key under the prefix sorts behind it but those that
 * begin with it, and these are rolled up one by one.
 */
function endOfPrefix(prefix: string): string {
  const room = MAX_SORT_KEY_BYTES - Buffer.byteLength(prefix)
  return prefix + '\u{10FFFF}'.repeat(Math.max(0, Math.floor(room / 4)))
}

/** Where a walk begins: behind a common prefix when that is where the last page ended. */
export function startOf(query: ListQuery): string {
  const { after } = query
  if (after === '' || compareUtf8(after, query.prefix) < 0) return ''
  return commonPrefix(after, query) === after ? endOfPrefix(after) : after
}

/** The fewest objects worth a query of their own. */
const SMALLEST_BATCH = 16
const LARGEST_BATCH = 1000

/**
 * One page of a listing, keys under a common prefix rolled up into one entry. Its cost goes by the entries of the page,
 * not by the keys that they stand for: a walk that ends inside a common prefix goes on behind it, in smaller steps while
 * it meets nothing else.
 */
export async function listPage<T extends { readonly key: string } = StoredObject>(
  queryObjects: QueryObjects<T>,
  query: ListQuery,
): Promise<{ readonly entries: readonly Entry<T>[]; readonly next?: string }> {
  const { prefix, limit } = query
  if (Buffer.byteLength(prefix) > MAX_SORT_KEY_BYTES) return { entries: [] }
  let after = startOf(query)
  if (after !== '' && !after.startsWith(prefix) && compareUtf8(after, prefix) > 0) return { entries: [] }

  const entries: Entry<T>[] = []
  let rolled = commonPrefix(query.after, query) === query.after ? query.after : undefined
  let end = query.after
  let batch = LARGEST_BATCH
  for (;;) {
    const page = await queryObjects(prefix, after, Math.min(batch, limit + 1 - entries.length))
    const before = entries.length
    for (const object of page.objects) {
      const common = commonPrefix(object.key, query)
      after = object.key
      if (common === undefined) rolled = undefined
      else if (common === rolled) continue
      if (entries.length === limit) return { entries, next: end }
      entries.push(common === undefined ? { kind: 'object', object } : { kind: 'prefix', prefix: common })
      end = common ?? object.key
      rolled = common
    }
    if (!page.more) return { entries }
    if (rolled !== undefined && compareUtf8(after, endOfPrefix(rolled)) < 0) after = endOfPrefix(rolled)
    batch = entries.length - before <= 1 ? Math.max(SMALLEST_BATCH, batch >> 1) : LARGEST_BATCH
  }
}
