import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KIND, objectVersionPartition } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'
import type { ObjectStore } from '../../../functions/s3/backing/port.ts'
import { memoryStore } from '../../support/memory-store.ts'
import { openObject } from '../support/open-object.ts'

const precondition = { check: () => undefined }
let folder: string
let table: Store
let bucket: Bucket
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-version-races-'))
  table = memoryStore()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The table as a gateway sees it whose calls take turns with those of others. */
function slow(store: Store): Store {
  const late =
    <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A) => {
      for (let turns = Math.floor(Math.random() * 4); turns > 0; turns--) await new Promise(setImmediate)
      return call(...args)
    }
  return {
    ...store,
    get: late(store.get),
    getMany: late(store.getMany),
    put: late(store.put),
    update: late(store.update),
    remove: late(store.remove),
    query: late(store.query),
  }
}

/** A gateway of its own on the one table and the one folder. */
async function gatewayOn(store: Store): Promise<ObjectStore> {
  const now = () => Date.now()
  const records = bucketRecords({ store, now, newId: randomUUID })
  const { objects, buckets } = await embeddedObjects({ store, buckets: records, now, folder })
  bucket = { ...(await buckets.create({ name: 'bkt', account: 'one', region: 'r' })), versioning: 'Enabled' }
  return objects
}

async function put(objects: ObjectStore, to: Bucket, key: string, text: string) {
  const content = (async function* () {
    yield Buffer.from(text)
  })()
  const bare = { headers: {}, user: {}, tags: [], checksums: () => ({}) }
  return (await objects.put(to, { ...bare, key, size: text.length, content, precondition })).versionId ?? 'null'
}

const all = { prefix: '', delimiter: '', key: '', versionId: '', limit: 1000 }
const namesOf = async (objects: ObjectStore) =>
  (await objects.listVersions(bucket, all)).entries.map((entry) =>
    entry.kind === 'prefix' ? entry.prefix : entry.object.versionId,
  )

/** Every version that is told can be read whole, and there is no content beside theirs. */
async function requireWhole(objects: ObjectStore) {
  let contents = 0
  for (const entry of (await objects.listVersions(bucket, all)).entries) {
    if (entry.kind !== 'version') continue
    contents++
    const { key, versionId, etag } = entry.object
    const reader = await openObject(objects, bucket, key, { versionId })
    const content = Buffer.concat(await Array.fromAsync((await reader?.read()) ?? []))
    expect(createHash('md5').update(content).digest('hex')).toBe(etag)
  }
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  expect(files).toHaveLength(contents)
}

it('several gateways that write one key at the same time lose none of its versions', async () => {
  const gateways = await Promise.all([1, 2, 3].map(() => gatewayOn(slow(table))))
  const made = (
    await Promise.all(
      gateways.flatMap((objects) => Array.from({ length: 6 }, (_, n) => put(objects, bucket, 'k', `content ${n}`))),
    )
  ).sort()
  const [objects] = gateways
  if (!objects) throw new Error('no gateway')
  expect((await namesOf(objects)).sort()).toEqual(made)
  await requireWhole(objects)
})

it('versions that are put and removed at the same time are there or gone, whole', async () => {
  const gateways = await Promise.all([1, 2].map(() => gatewayOn(slow(table))))
  const [one, two] = gateways
  if (!one || !two) throw new Error('no gateway')
  for (let round = 0; round < 15; round++) {
    const kept = new Set(await Promise.all([1, 2, 3].map((n) => put(one, bucket, 'k', `${round} ${n}`))))
    const before = await namesOf(one)
    const doomed = before.slice(0, 2)
    const [added] = await Promise.all([
      put(one, bucket, 'k', `${round} more`),
      ...doomed.flatMap((name) => [one, two].map((objects) => objects.remove(bucket, 'k', precondition, name))),
    ])
    for (const name of doomed) kept.delete(name)
    const after = await namesOf(two)
    expect(after.toSorted()).toEqual([...before.slice(2), added].sort())
    const current = await openObject(one, bucket, 'k')
    expect(current?.object.versionId).toBe(after[0])
    await current?.close()
  }
  await requireWhole(one)
})

it('while versioning is suspended there is one null version, however many write it', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => gatewayOn(slow(table))))
  if (!one || !two) throw new Error('no gateway')
  const kept = await put(one, bucket, 'k', 'kept')
  const suspended: Bucket = { ...bucket, versioning: 'Suspended' }
  await Promise.all([one, two, one, two].map((objects, n) => put(objects, suspended, 'k', `null ${n}`)))
  expect(await namesOf(one)).toEqual(['null', kept])
  await requireWhole(one)
  await Promise.all([one, two].map((objects) => objects.remove(suspended, 'k', precondition)))
  expect(await namesOf(one)).toEqual(['null', kept])
  await requireWhole(one)
})

it('tags that are set while another version is put are not lost', async () => {
  const other = await gatewayOn(table)
  let set: Promise<unknown> | undefined
  const one = await gatewayOn({
    ...table,
    async put(item, options) {
      await table.put(item, options)
      // What was there before versions has its row by now, and is still current.
      if (item.pk.startsWith(`${KIND.objectVersion}#`) && item.isNull === true) {
        set ??= other.setTags(bucket, 'k', [['n', '1']])
        await set
      }
    },
  })
  const { versioning: _never, ...plain } = bucket
  await put(one, plain, 'k', 'before versions')
  const newer = await put(one, bucket, 'k', 'newer')
  expect(await one.tags(bucket, 'k', 'null')).toMatchObject({ tags: [['n', '1']] })
  expect(await namesOf(one)).toEqual([newer, 'null'])
  await requireWhole(one)
})

it('a version whose write has failed halfway is never told, nor is it in the way', async () => {
  const objects = await gatewayOn(table)
  const first = await put(objects, bucket, 'k', 'first')
  const broken = await gatewayOn({
    ...table,
    async put(item, options) {
      if (item.pk.startsWith(`${KIND.object}#`)) throw new Error('the table is away')
      return table.put(item, options)
    },
  })
  await expect(put(broken, bucket, 'k', 'second')).rejects.toThrow('away')
  await expect(broken.remove(bucket, 'k', precondition)).rejects.toThrow('away')
  expect(await namesOf(objects)).toEqual([first])
  const third = await put(objects, bucket, 'k', 'third')
  expect(await namesOf(objects)).toEqual([third, first])
  // The next start removes what is left over.
  await requireWhole(await gatewayOn(table))
  const { items } = await table.query(objectVersionPartition(bucket.id, 'k'))
  expect(items.map(({ sk }) => sk)).toEqual([third, first])
})

it('a version whose removal has begun never becomes current again', async () => {
  const objects = await gatewayOn(table)
  const [a, b, c] = [
    await put(objects, bucket, 'k', 'a'),
    await put(objects, bucket, 'k', 'b'),
    await put(objects, bucket, 'k', 'c'),
  ]
  const broken = await gatewayOn({
    ...table,
    async update(key, changes, options) {
      if (key.pk.startsWith(`${KIND.object}#`)) throw new Error('the table is away')
      return table.update(key, changes, options)
    },
  })
  await expect(broken.remove(bucket, 'k', precondition, b)).rejects.toThrow('away')
  await objects.remove(bucket, 'k', precondition, c)
  expect(await namesOf(objects)).toEqual([a])
  expect((await openObject(objects, bucket, 'k'))?.object.versionId).toBe(a)
  await requireWhole(await gatewayOn(table))
})
