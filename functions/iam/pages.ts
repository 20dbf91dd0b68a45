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
export async function pageOfPartition<T>(
  store: Store,
  pk: string,
  { Marker, MaxItems = DEFAULT_ITEMS }: PageInput,
  parse: (item: Item) => T,
  keep: (entity: T) => boolean = () => true,
): Promise<PageOutput & { readonly entities: readonly T[] }> {
  const entities: T[] = []
  let after = Marker === undefined ? undefined : readMarker(Marker)
  for (;;) {
    const { items, next } = await store.query(pk, { limit: MaxItems, ...(after === undefined ? {} : { after }) })
    for (const item of items) {
      const entity = parse(item)
      if (!keep(entity)) continue
      if (entities.length === MaxItems) return { entities, IsTruncated: true, Marker: toMarker(after ?? '') }
      entities.push(entity)
      after = item.sk
    }
    if (next === undefined) return { entities, IsTruncated: false }
    if (items.every((item) => item.sk !== after)) after = next
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
