import type * as fs from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '@daypass/core/store/embedded/table/schema.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AS_SESSION, sessionOf, temporaryFolder } from './embedded-harness.ts'

type Callback = (error: Error | null) => void

/** The syncs of the session log that the disk has not answered yet. */
const disk = vi.hoisted(() => ({ answers: true, pending: [] as Callback[], syncedFolders: 0, isFull: false }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  const fdatasync = (descriptor: number, done: Callback) => {
    if (disk.answers) real.fdatasync(descriptor, done)
    else disk.pending.push(done)
  }
  const fsync = (descriptor: number, done: Callback) => {
    disk.syncedFolders++
    real.fsync(descriptor, done)
  }
  /** A full disk takes half of a record. */
  const writeSync = (descriptor: number, bytes: Buffer, offset: number, length: number, position: number) => {
    if (!disk.isFull) return real.writeSync(descriptor, bytes, offset, Math.ceil(length / 2), position)
    if (offset > 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    return real.writeSync(descriptor, bytes, offset, length >> 1, position)
  }
  return { ...real, fdatasync, fsync, writeSync }
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
  disk.syncedFolders = 0
  disk.isFull = false
})
afterEach(() => {
  vi.useRealTimers()
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

  it('is synced within a second when nobody waits for it', async () => {
    const store = await (await temporaryFolder()).open()
    await store.put(sessionOf('before'))
    await store.put(sessionOf('before too', 7200))
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    disk.answers = false
    await store.put(sessionOf('a'), AS_SESSION)
    await store.put(sessionOf('b', 7200), AS_SESSION)
    expect(disk.pending).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(disk.pending).toHaveLength(2)
    for (const done of disk.pending.splice(0)) done(null)
    await flush()
    await store.put(sessionOf('c'), AS_SESSION)
    await vi.advanceTimersByTimeAsync(1000)
    expect(disk.pending).toHaveLength(1)
    disk.answers = true
    for (const done of disk.pending.splice(0)) done(null)
  })

  it('is synced by close at the latest', async () => {
    const store = await (await temporaryFolder()).open()
    disk.answers = false
    await store.put(sessionOf('a'), AS_SESSION)
    const closed = await watch(store.close())
    expect(disk.pending).toHaveLength(1)
    expect(closed()).toBe('waiting')
    disk.answers = true
    disk.pending.shift()?.(null)
    await vi.waitFor(() => expect(closed()).toBe('done'))
  })

  it('keeps its file from a sweep until its sync has ended', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    disk.answers = false
    const written = await watch(store.put(sessionOf('a', 60)))
    folder.now += 3600
    const swept = await watch(store.sweep())
    for (let round = 0; round < 50; round++) await flush()
    expect([swept(), (await folder.segments()).length]).toEqual(['waiting', 1])
    disk.answers = true
    disk.pending.shift()?.(null)
    await vi.waitFor(() => expect([swept(), written()]).toEqual(['done', 'done']))
    expect(await folder.segments()).toEqual([])
  })

  it('has the name of its new file synced too, once', async () => {
    const store = await (await temporaryFolder()).open()
    await store.put(sessionOf('a'))
    expect(disk.syncedFolders).toBe(1)
    await store.put(sessionOf('b'))
    expect(disk.syncedFolders).toBe(1)
    await store.put(sessionOf('c', 7200))
    expect(disk.syncedFolders).toBe(2)
  })

  it('that does not fit on the disk changes nothing, and does not spoil those behind it', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a', 3600, { version: 1 }), AS_SESSION)
    const [name = ''] = await folder.segments()
    const size = async () => (await stat(join(folder.directory, 'sessions', name))).size
    const before = await size()
    disk.isFull = true
    await expect(store.update(sessionKey('a'), { set: { version: 2 } }, AS_SESSION)).rejects.toThrow(StoreUnavailable)
    await expect(store.remove(sessionKey('a'), AS_SESSION)).rejects.toThrow(StoreUnavailable)
    expect(await size()).toBe(before)
    disk.isFull = false
    expect(await store.get(sessionKey('a'))).toMatchObject({ version: 1 })
    await store.put(sessionOf('b'), AS_SESSION)
    await store.close()
    const reopened = await folder.open()
    expect(await reopened.get(sessionKey('a'))).toMatchObject({ version: 1 })
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
