import { StsError } from '@daypass/core/errors.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'

/** What a caller says about the page it wants. */
export interface PageInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** AWS's members of a paginated answer. */
export interface PageOutput {
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** AWS: "If you do not include this parameter, the number of items defaults to 100." */
const DEFAULT_ITEMS = 100

/** One page of a partition, in the order of its sort keys; `keep` filters without shortening the page. */
export function pageOfPartition<T>(
  store: Store,
  pk: string,
  input: PageInput,
  parse: (item: Item) => T,
  keep: (entity: T) => boolean = () => true,
): Promise<PageOutput & { readonly entities: readonly T[] }> {
  return pageOfRows(store, pk, input, async (items) =>
    items.map(parse).map((entity) => (keep(entity) ? entity : undefined)),
  )
}

/** Rows read at once: as many as one `getMany` takes, so that rows which refer to others can be looked up in one trip. */
const BATCH = 100

/** One page of what the rows of a partition stand for; a row for which `resolve` has nothing does not count. */
export async function pageOfRows<T>(
  store: Store,
  pk: string,
  { Marker, MaxItems = DEFAULT_ITEMS }: PageInput,
  resolve: (items: readonly Item[]) => Promise<readonly (T | undefined)[]>,
): Promise<PageOutput & { readonly entities: readonly T[] }> {
  const entities: T[] = []
  let last = Marker === undefined ? '' : readMarker(Marker)
  let after = last
  for (;;) {
    const { items, next } = await store.query(pk, { limit: BATCH, ...(after === '' ? {} : { after }) })
    const found = await resolve(items)
    for (const [index, item] of items.entries()) {
      const entity = found[index]
      if (entity === undefined) continue
      if (entities.length === MaxItems) return { entities, IsTruncated: true, Marker: toMarker(last) }
      entities.push(entity)
      last = item.sk
    }
    if (next === undefined) return { entities, IsTruncated: false }
    after = next
  }
}

/** One page of a list that is at hand as a whole, in its own order. */
export function pageOfList<T>(
  list: readonly T[],
  { Marker, MaxItems = DEFAULT_ITEMS }: PageInput,
): PageOutput & { readonly entities: readonly T[] } {
  const start = Marker === undefined ? 0 : Number(readMarker(Marker))
  if (!Number.isSafeInteger(start) || start < 0) throw invalidMarker()
  const end = start + MaxItems
  const entities = list.slice(start, end)
  return end < list.length
    ? { entities, IsTruncated: true, Marker: toMarker(String(end)) }
    : { entities, IsTruncated: false }
}

const toMarker = (position: string) => Buffer.from(position, 'utf8').toString('base64url')

function readMarker(marker: string): string {
  const bytes = Buffer.from(marker, 'base64url')
  if (bytes.toString('base64url') !== marker) throw invalidMarker()
  return bytes.toString('utf8')
}

const invalidMarker = () => new StsError('InvalidInput', 'The Marker is none that an earlier page has given')
