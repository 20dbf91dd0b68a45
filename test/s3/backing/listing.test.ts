import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listPage, type QueryObjects } from '../../../functions/s3/backing/listing.ts'
import type { ListEntry, ListQuery } from '../../../functions/s3/backing/listings-port.ts'
import { memoryStore } from '../../support/memory-store.ts'

const objectOf = (key: string) => ({ key, size: 0, etag: '', modifiedAt: 0, headers: {}, user: {}, checksums: {} })
const nameOf = (entry: ListEntry) => (entry.kind === 'object' ? entry.object.key : `${entry.prefix}*`)

/** Keys in a table, and how much of it was read. */
async function tableOf(keys: readonly string[]) {
  const store = memoryStore()
  for (const sk of keys) await store.put({ pk: 'OBJECT#1', sk })
  const read = { queries: 0, items: 0 }
  const query: QueryObjects = async (prefix, after, limit) => {
    const page = await store.query('OBJECT#1', { prefix, after, limit })
    read.queries++
    read.items += page.items.length
    return { objects: page.items.map(({ sk }) => objectOf(sk)), more: page.next !== undefined }
  }
  return { query, read }
}

/** Every page, one after the other. */
async function walk(query: QueryObjects, wish: Omit<ListQuery, 'after'>) {
  const names: string[] = []
  let after = ''
  for (let pages = 0; pages < 1000; pages++) {
    const { entries, next } = await listPage(query, { ...wish, after })
    expect(entries.length).toBeLessThanOrEqual(wish.limit)
    names.push(...entries.map(nameOf))
    if (next === undefined) return names
    after = next
  }
  throw new Error('the listing never ends')
}

/** The same by the definition: each key, or what it rolls up to, once, in order. */
function expected(keys: readonly string[], { prefix, delimiter }: { prefix: string; delimiter: string }) {
  const sorted = [...new Set(keys)].filter((key) => key.startsWith(prefix)).sort(compareUtf8)
  const rolled = sorted.map((key) => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return at < 0 ? key : `${key.slice(0, at + delimiter.length)}*`
  })
  return [...new Set(rolled)]
}

describe('a listing', () => {
  it('shows every key or common prefix once, in order, whatever the pages', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '0', '\u{10ffff}', '\ufffd', '\u{1f600}'),
      minLength: 1,
      maxLength: 6,
    })
    const delimiter = fc.constantFrom('', '/', '//', 'a', '\u{10ffff}')
    const prefix = fc.constantFrom('', 'a', 'a/', '/', '\u{10ffff}')
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { maxLength: 40 }),
        delimiter,
        prefix,
        fc.integer({ min: 1, max: 5 }),
        async (keys, d, p, limit) => {
          const { query } = await tableOf(keys)
          expect(await walk(query, { prefix: p, delimiter: d, limit })).toEqual(
            expected(keys, { prefix: p, delimiter: d }),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    ['a/', ['a0', 'b']],
    ['a/1', ['a/*', 'a0', 'b']],
    ['a0', ['b']],
    ['a', ['a/*', 'a0', 'b']],
    ['b', []],
    ['zz', []],
  ])('after %s goes on with %j', async (after, names) => {
    const { query } = await tableOf(['a/1', 'a/2', 'a0', 'b'])
    const { entries } = await listPage(query, { prefix: '', delimiter: '/', after, limit: 10 })
    expect(entries.map(nameOf)).toEqual(names)
  })

  it.each([
    ['before the prefix', 'a', ['b/1', 'b/2']],
    ['behind the prefix', 'c', []],
  ])('whose start lies %s keeps to the prefix', async (_where, after, names) => {
    const { query } = await tableOf(['a', 'b/1', 'b/2', 'd'])
    const { entries } = await listPage(query, { prefix: 'b/', delimiter: '', after, limit: 10 })
    expect(entries.map(nameOf)).toEqual(names)
  })

  it('jumps over what a common prefix stands for', async () => {
    const keys = ['a', 'b', 'c'].flatMap((folder) =>
      Array.from({ length: 5000 }, (_, i) => `${folder}/${String(i).padStart(5, '0')}`),
    )
    const { query, read } = await tableOf(keys)
    const { entries } = await listPage(query, { prefix: '', delimiter: '/', after: '', limit: 1000 })
    expect(entries.map(nameOf)).toEqual(['a/*', 'b/*', 'c/*'])
    expect(read.queries).toBeLessThanOrEqual(5)
    expect(read.items).toBeLessThan(3000)
  })

  it('goes on behind a common prefix without reading it again', async () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `a/${String(i).padStart(5, '0')}`)
    const { query, read } = await tableOf([...keys, 'b'])
    const { entries } = await listPage(query, { prefix: '', delimiter: '/', after: 'a/', limit: 10 })
    expect(entries.map(nameOf)).toEqual(['b'])
    expect(read).toEqual({ queries: 1, items: 1 })
  })

  it('finds nothing under a prefix that is longer than any key', async () => {
    const { query, read } = await tableOf(['a'])
    expect(await listPage(query, { prefix: 'a'.repeat(1025), delimiter: '', after: '', limit: 1 })).toEqual({
      entries: [],
    })
    expect(read.queries).toBe(0)
  })

  it('shows keys of full length that sort behind every jump', async () => {
    const long = `a/${'\u{10ffff}'.repeat(255)}zz`
    expect(Buffer.byteLength(long)).toBe(1024)
    const { query } = await tableOf(['a/1', long, 'b'])
    expect(await walk(query, { prefix: '', delimiter: '/', limit: 1 })).toEqual(['a/*', 'b'])
  })
})
