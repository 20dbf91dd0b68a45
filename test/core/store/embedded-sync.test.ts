import type * as fs from 'node:fs'
import { openDatabase } from '@daypass/core/store/embedded/table/schema.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AS_SESSION, sessionOf, temporaryFolder } from './embedded-harness.ts'

type Callback = (error: Error | null) => void

/** The syncs of the session log that the disk has not answered yet. */
const disk = vi.hoisted(() => ({ answers: true, pending: [] as Callback[] }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  const fdatasync = (descriptor: number, done: Callback) => {
    if (disk.answers) real.fdatasync(descriptor, done)
    else disk.pending.push(done)
  }
  return { ...real, fdatasync }
})

const flush = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

async function watch(promise: Promise<unknown>): Promise<() => string> {
  let state = 'waiting'
  promise.then(
    () => (state = 'done'),
    (error: unknown) => (state = error instanceof StoreUnavailable ? 'unavailable' : 'failed'),
  )
  await flush()
  return () => state
}

beforeEach(() => {
  disk.answers = true
  disk.pending = []
})

describe('a session write', () => {
  it('is acknowledged before the disk has it when it asks for no more than session durability', async () => {
    const store = await (await temporaryFolder()).open()
    disk.answers = false
    await store.put(sessionOf('a'), AS_SESSION)
    await store.update(sessionKey('a'), { set: { b: 1 } }, AS_SESSION)
    await store.remove(sessionKey('a'), AS_SESSION)
    disk.answers = true
  })

  it.each([
    ['put', undefined],
    ['update', undefined],
    ['remove', undefined],
    ['put', 'configuration'],
  ] as const)('(%s, durability %s) is acknowledged when the disk has it, and not before', async (kind, durability) => {
    const store = await (await temporaryFolder()).open()
    await store.put(sessionOf('a'), AS_SESSION)
    disk.answers = false
    const options = durability === undefined ? {} : { durability }
    const write = {
      put: () => store.put(sessionOf('a'), options),
      update: () => store.update(sessionKey('a'), { set: { revoked: true } }, options),
      remove: () => store.remove(sessionKey('a'), options),
    }[kind]
    const state = await watch(write())
    expect(state()).toBe('waiting')
    disk.answers = true
    disk.pending.shift()?.(null)
    await vi.waitFor(() => expect(state()).toBe('done'))
  })

  it('that comes while a sync is under way waits for the next one, together with others', async () => {
    const store = await (await temporaryFolder()).open()
    disk.answers = false
    const first = await watch(store.put(sessionOf('a')))
    const others = [await watch(store.put(sessionOf('b'))), await watch(store.put(sessionOf('c')))]
    expect(disk.pending).toHaveLength(1)
    disk.pending.shift()?.(null)
    await vi.waitFor(() => expect(first()).toBe('done'))
    await vi.waitFor(() => expect(disk.pending).toHaveLength(1))
    expect(others.map((state) => state())).toEqual(['waiting', 'waiting'])
    disk.answers = true
    disk.pending.shift()?.(null)
    await vi.waitFor(() => expect(others.map((state) => state())).toEqual(['done', 'done']))
  })

  it('that the disk fails is no success, and the next one goes to another file', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a'))
    disk.answers = false
    const failed = await watch(store.update(sessionKey('a'), { set: { revoked: true } }))
    disk.answers = true
    disk.pending.shift()?.(new Error('EIO'))
    await vi.waitFor(() => expect(failed()).toBe('unavailable'))
    expect(folder.events).toContainEqual(expect.objectContaining({ event: 'store.sessions.sync-failed' }))
    await store.put(sessionOf('b'))
    expect((await folder.segments()).filter((name) => name.endsWith('.log'))).toHaveLength(2)
    await store.close()
    const reopened = await folder.open()
    expect(await reopened.get(sessionKey('a'))).toMatchObject({ revoked: true })
    expect(await reopened.get(sessionKey('b'))).toStrictEqual(sessionOf('b'))
  })
})

it('the table syncs every commit', async () => {
  const { directory } = await temporaryFolder()
  const database = openDatabase(directory)
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  database.close()
})
