import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { describe, expect, it } from 'vitest'
import { NOON, temporaryFolder } from './embedded-harness.ts'

const key = (sk: string) => ({ pk: 'USER#0', sk })

async function damaged(sql: string) {
  const folder = await temporaryFolder()
  const store = await folder.open()
  await store.put({ ...key('a'), policy: 'Deny' })
  await store.put({ ...key('b'), policy: 'Allow' })
  await store.close()
  const database = new DatabaseSync(join(folder.directory, 'table.db'))
  database.exec(sql)
  database.close()
  return { folder, store: await folder.open() }
}

describe('the table of the embedded store', () => {
  it.each([
    ['a changed body', `UPDATE items SET body = replace(body, 'Deny', 'Fine') WHERE sk = CAST('a' AS BLOB)`],
    [
      'the body of another item',
      `UPDATE items SET sk = CAST('x' AS BLOB) WHERE sk = CAST('a' AS BLOB);
      UPDATE items SET sk = CAST('a' AS BLOB) WHERE sk = CAST('b' AS BLOB)`,
    ],
  ])('refuses an item with %s, and says so', async (_flaw, sql) => {
    const { folder, store } = await damaged(sql)
    await expect(store.get(key('a'))).rejects.toThrow(StoreUnavailable)
    await expect(store.getMany([key('a')])).rejects.toThrow(StoreUnavailable)
    await expect(store.query('USER#0')).rejects.toThrow(StoreUnavailable)
    await expect(store.update(key('a'), { set: { x: 1 } })).rejects.toThrow(StoreUnavailable)
    await expect(store.put(key('a'), { condition: { exists: true } })).rejects.toThrow(StoreUnavailable)
    expect(folder.events).toContainEqual({ event: 'store.item-damaged', kind: 'USER' })
    await store.put({ ...key('a'), policy: 'Deny' })
    expect(await store.get(key('a'))).toStrictEqual({ ...key('a'), policy: 'Deny' })
  })

  it('refuses reads and writes that the database cannot fulfil, and never calls an item absent', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(key('a'))
    const database = new DatabaseSync(join(folder.directory, 'table.db'))
    database.exec('DROP TABLE items')
    database.close()
    await expect(store.get(key('a'))).rejects.toThrow(StoreUnavailable)
    await expect(store.query('USER#0')).rejects.toThrow(StoreUnavailable)
    await expect(store.put(key('a'))).rejects.toThrow(StoreUnavailable)
    await expect(store.update(key('a'), { add: { n: 1 } })).rejects.toThrow(StoreUnavailable)
    expect(folder.events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['store.failed', 'store.write-failed']),
    )
  })

  it('refuses writes while its writer cannot start, and tries again with the next one', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await rename(folder.directory, `${folder.directory}-away`)
    await expect(Promise.all([store.put(key('a')), store.put(key('b'))])).rejects.toThrow(StoreUnavailable)
    expect(folder.events).toContainEqual(expect.objectContaining({ event: 'store.writer-ended' }))
    await rename(`${folder.directory}-away`, folder.directory)
    await store.put(key('a'))
    expect(await store.get(key('a'))).toStrictEqual(key('a'))
  })

  it('sweeps what has expired by the clock, all of it, and nothing else', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    const items = Array.from({ length: 450 }, (_, i) => ({ ...key(`n-${i}`), expiresAt: NOON + 10 }))
    await Promise.all(items.map((item) => store.put(item)))
    await store.put({ ...key('later'), expiresAt: NOON + 20 })
    await store.put(key('never'))
    await store.get(key('n-0'))
    folder.now = NOON + 10
    await store.sweep()
    expect(await store.get(key('n-449'))).toBeDefined()
    folder.now = NOON + 10.5
    await store.sweep()
    expect((await store.query('USER#0')).items.map(({ sk }) => sk)).toEqual(['later', 'never'])
    expect(await store.get(key('n-0'))).toBeUndefined()
  })

  it('forgets an expiry that a later write took away', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put({ ...key('a'), expiresAt: NOON + 10 })
    await store.put({ ...key('b'), expiresAt: NOON + 10 })
    await store.update(key('a'), { remove: ['expiresAt'] })
    await store.update(key('b'), { set: { expiresAt: NOON + 30 } })
    folder.now = NOON + 20
    await store.sweep()
    expect((await store.query('USER#0')).items).toHaveLength(2)
  })

  it('never answers an older version from its cache', async () => {
    const store = await (await temporaryFolder()).open()
    for (let version = 1; version <= 50; version++) {
      const write = store.put({ ...key('a'), version })
      expect([undefined, version - 1, version]).toContain((await store.get(key('a')))?.version)
      await write
      expect(await store.get(key('a'))).toMatchObject({ version })
      expect(await store.get(key('a'))).toMatchObject({ version })
    }
    await store.remove(key('a'))
    expect(await store.get(key('a'))).toBeUndefined()
  })

  it.each([
    ['a number that JSON lacks', { n: Number.NaN }, TypeError],
    ['one inside a list', { n: [[Number.POSITIVE_INFINITY]] }, TypeError],
    ['undefined inside a map', { n: { a: undefined } }, TypeError],
    ['a function', { n: () => 1 }, TypeError],
    ['an expiry that is text', { expiresAt: '1790000000' }, RangeError],
    ['more than 400 KiB', { n: 'x'.repeat(410_000) }, RangeError],
    ['more than 400 KiB in UTF-8', { n: '\u00e9'.repeat(205_000) }, RangeError],
  ])('refuses %s instead of keeping something else', async (_flaw, attributes, error) => {
    const store = await (await temporaryFolder()).open()
    for (const item of [key('a'), { pk: 'SESSION#a', sk: 'SESSION' }]) {
      await expect(store.put({ ...item, ...attributes } as never)).rejects.toThrow(error)
      await expect(store.update(item, { set: attributes as never })).rejects.toThrow()
      expect(await store.get(item)).toBeUndefined()
    }
  })

  it('keeps lone surrogates of a value', async () => {
    const store = await (await temporaryFolder()).open()
    for (const item of [key('a'), { pk: 'SESSION#a', sk: 'SESSION' }]) {
      await store.put({ ...item, text: 'a\ud800b\udc00' })
      expect((await store.get(item))?.text).toBe('a\ud800b\udc00')
    }
  })
})
