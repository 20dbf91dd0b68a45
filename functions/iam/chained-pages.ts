import { StsError } from '@daypass/core/errors.ts'
import type { PageInput, PageOutput } from './pages.ts'

/** A list that is read page by page: a partition, or a list at hand. */
export type PageSource<T> = (input: PageInput) => Promise<PageOutput & { readonly entities: readonly T[] }>

const DEFAULT_ITEMS = 100

/** One page of several lists, one after the other. The marker tells the list and the place in it. */
export async function pageOfChain<T>(
  sources: readonly PageSource<T>[],
  { Marker, MaxItems = DEFAULT_ITEMS }: PageInput,
): Promise<PageOutput & { readonly entities: readonly T[] }> {
  const entities: T[] = []
  let [index, inner] = Marker === undefined ? [0, ''] : readMarker(Marker, sources.length)
  for (; ; index++, inner = '') {
    const source = sources[index]
    if (!source) return { entities, IsTruncated: false }
    const room = MaxItems - entities.length
    const page = await source({ MaxItems: Math.max(room, 1), ...(inner === '' ? {} : { Marker: inner }) })
    if (room === 0) {
      if (page.entities.length > 0) return { entities, IsTruncated: true, Marker: `${index}.` }
      continue
    }
    entities.push(...page.entities)
    if (page.Marker !== undefined) return { entities, IsTruncated: true, Marker: `${index}.${page.Marker}` }
  }
}

function readMarker(marker: string, sources: number): [index: number, inner: string] {
  const [, index = '', inner = ''] = /^(\d)\.(.*)$/.exec(marker) ?? []
  if (index !== '' && Number(index) < sources) return [Number(index), inner]
  throw new StsError('InvalidInput', 'The Marker is none that an earlier page has given')
}
