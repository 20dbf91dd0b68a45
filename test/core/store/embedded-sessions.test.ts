import { copyFile, cp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogRecord } from '@daypass/core/deps.ts'
import { SessionLog } from '@daypass/core/store/embedded/sessions/session-log.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AS_SESSION, type Folder, NOON, sessionOf, temporaryFolder } from './embedded-harness.ts'

const BUCKET = NOON / 60 + 60
const LOG = `${BUCKET}-0.log`

const pathOf = (folder: Folder, name: string) => join(folder.directory, 'sessions', name)

/** What a killed process leaves behind: the files as they are while the store is still open, in another folder. */
async function afterKill(folder: Folder): Promise<Folder> {
  const copy = await temporaryFolder()
  await cp(join(folder.directory, 'sessions'), join(copy.directory, 'sessions'), { recursive: true })
  return copy
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, at)
  await file.close()
}

describe('a session log that is opened again', () => {
  it.each(['after close', 'after the end of the process'])(
    'has every row, its newest version, and no removed one, %s',
    async (how) => {
      const folder = await temporaryFolder()
      const store = await folder.open()
      for (const id of ['kept', 'updated', 'removed', 'again']) await store.put(sessionOf(id), AS_SESSION)
      await store.update(sessionKey('updated'), { set: { revoked: true } })
      await store.remove(sessionKey('removed'))
      await store.remove(sessionKey('again'))
      await store.put(sessionOf('again', 3600, { second: true }), AS_SESSION)
      if (how === 'after close') await store.close()
      const reopened = await (how === 'after close' ? folder : await afterKill(folder)).open()
      const keys = ['kept', 'updated', 'removed', 'again', 'never'].map(sessionKey)
      expect(await reopened.getMany(keys)).toStrictEqual([
        sessionOf('kept'),
        sessionOf('updated', 3600, { revoked: true }),
        undefined,
        sessionOf('again', 3600, { second: true }),
        undefined,
      ])
    },
  )

  it('has many rows of many minutes, more than files may be open at once, killed or closed', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    const rows = Array.from({ length: 3000 }, (_, i) => sessionOf(`id-${i}`, 60 * (1 + ((i * 7919) % 300)), { i }))
    for (const row of rows) await store.put(row, AS_SESSION)
    for (const row of rows.filter(({ i }) => Number(i) % 3 === 0))
      await store.update(row, { set: { more: 1 } }, AS_SESSION)
    const expected = rows.map((row) => (Number(row.i) % 3 === 0 ? { ...row, more: 1 } : row))
    const read = async (from: typeof store) => await Promise.all(rows.map(({ pk, sk }) => from.get({ pk, sk })))
    expect(await read(store)).toStrictEqual(expected)
    expect(await read(await (await afterKill(folder)).open())).toStrictEqual(expected)
    await store.close()
    expect(await read(await folder.open())).toStrictEqual(expected)
  })

  it('takes nothing of one index file for another that ends earlier', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    const rows = Array.from({ length: 300 }, (_, i) => [
      sessionOf(`early-${i}`, 3600),
      sessionOf(`late-${i}`, 3660, { more: 'so that the file is longer' }),
    ]).flat()
    for (const row of rows) await store.put(row, AS_SESSION)
    await store.close()
    // The first batch of 256 entries alone, as a process leaves it that ends then.
    await truncate(pathOf(folder, `${BUCKET + 1}-0.log.index`), 24 + 256 * 16)
    const reopened = await folder.open()
    expect(await Promise.all(rows.map(({ pk, sk }) => reopened.get({ pk, sk })))).toStrictEqual(rows)
  })

  it('goes on in another file when one is full, and lets the later file count', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    const filling = 'x'.repeat(400_000)
    const rows = Array.from({ length: 170 }, (_, i) => sessionOf(`id-${i}`, 3600, { filling, i }))
    for (const row of rows) await store.put(row, AS_SESSION)
    await store.update(sessionKey('id-0'), { set: { i: -1 } }, AS_SESSION)
    expect(await folder.segments()).toEqual(expect.arrayContaining([LOG, `${BUCKET}-1.log`]))
    const killed = await afterKill(folder)
    await store.close()
    for (const again of [folder, killed]) {
      const reopened = await again.open()
      expect(await reopened.get(sessionKey('id-0'))).toMatchObject({ i: -1 })
      for (const { pk, sk, i } of rows.slice(1)) expect((await reopened.get({ pk, sk }))?.i).toBe(i)
      await reopened.put(sessionOf('more'), AS_SESSION)
      expect((await again.segments()).filter((name) => name.endsWith('.log'))).toHaveLength(2)
      again.now = NOON + 3660
      await reopened.sweep()
      expect(await again.segments()).toEqual([])
    }
  })

  it.runIf(process.platform === 'linux')('does not keep a file open for every minute', async () => {
    const store = await (await temporaryFolder()).open()
    const before = (await readdir('/proc/self/fd')).length
    for (let minute = 0; minute < 500; minute++) await store.put(sessionOf(`id-${minute}`, minute * 60), AS_SESSION)
    for (let minute = 0; minute < 500; minute++) expect(await store.get(sessionKey(`id-${minute}`))).toBeDefined()
    expect((await readdir('/proc/self/fd')).length - before).toBeLessThan(200)
  })

  it('lets the newest version count, whichever minute each lies in', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('longer', 600, { version: 1 }), AS_SESSION)
    await store.put(sessionOf('longer', 6000, { version: 2 }), AS_SESSION)
    await store.put(sessionOf('shorter', 6000, { version: 1 }), AS_SESSION)
    await store.put(sessionOf('shorter', 600, { version: 2 }), AS_SESSION)
    await store.put(sessionOf('removed, shorter', 6000, { version: 1 }), AS_SESSION)
    await store.remove(sessionKey('removed, shorter'))
    await store.put(sessionOf('removed, shorter', 600, { version: 2 }), AS_SESSION)
    await store.close()
    const reopened = await folder.open()
    for (const id of ['longer', 'shorter', 'removed, shorter']) {
      expect(await reopened.get(sessionKey(id))).toMatchObject({ version: 2 })
    }
  })

  it('lets a version count over those of earlier runs, whichever minute each lies in', async () => {
    const folder = await temporaryFolder()
    for (const version of [1, 2, 3]) {
      const store = await folder.open()
      for (let i = 0; i < 10 - 3 * version; i++) await store.put(sessionOf(`other-${i}`, 600 * version), AS_SESSION)
      await store.put(sessionOf('a', 600 * version, { version }), AS_SESSION)
      await store.close()
    }
    expect(await (await folder.open()).get(sessionKey('a'))).toMatchObject({ version: 3 })
  })

  it('never brings an older version back when the newer one has expired first', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a', 6000, { version: 1 }), AS_SESSION)
    await store.put(sessionOf('a', 600, { version: 2, revoked: true }))
    await store.put(sessionOf('b', 6000), AS_SESSION)
    await store.remove(sessionKey('b'))
    await store.put(sessionOf('b', 600, { version: 2 }), AS_SESSION)
    folder.now = NOON + 700
    await store.sweep()
    await store.close()
    const reopened = await folder.open()
    expect([undefined, 2]).toContain((await reopened.get(sessionKey('a')))?.version)
    expect([undefined, 2]).toContain((await reopened.get(sessionKey('b')))?.version)
    expect(await reopened.get(sessionKey('a'))).not.toMatchObject({ version: 1 })
  })

  it('keeps a row without an expiry', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.update(sessionKey('mark'), { set: { revoked: true } })
    await store.close()
    folder.now = NOON + 10 ** 9
    const reopened = await folder.open()
    await reopened.sweep()
    expect(await reopened.get(sessionKey('mark'))).toStrictEqual({ ...sessionKey('mark'), revoked: true })
  })

  it('finds the session of a partition by query, in its order among other items', async () => {
    const store = await (await temporaryFolder()).open()
    const session = sessionOf('a')
    const others = ['A', 'SESSIO', 'SESSION!', 'z'].map((sk) => ({ pk: session.pk, sk }))
    await Promise.all([session, ...others].map((item) => store.put(item)))
    const all = ['A', 'SESSIO', 'SESSION', 'SESSION!', 'z']
    const sortKeys = async (options?: object) => (await store.query(session.pk, options)).items.map(({ sk }) => sk)
    expect(await sortKeys()).toEqual(all)
    expect(await sortKeys({ prefix: 'SESSION' })).toEqual(['SESSION', 'SESSION!'])
    for (const [index, after] of all.entries())
      expect(await sortKeys({ after, limit: 2 })).toEqual(all.slice(index + 1, index + 3))
    for (const limit of [1, 2, 3, 4]) {
      expect(await store.query(session.pk, { limit })).toMatchObject({ next: all[limit - 1] })
      expect(await sortKeys({ limit })).toEqual(all.slice(0, limit))
    }
    expect(await store.query(session.pk, { limit: 5 })).not.toHaveProperty('next')
    expect(await store.query(session.pk, { prefix: 'SESSION!' })).toStrictEqual({ items: [others[2]] })
  })
})

describe('a torn or damaged session log', () => {
  it('loses nothing but a record cut at any byte, and goes on behind it', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('first'), AS_SESSION)
    const start = (await stat(pathOf(folder, LOG))).size
    await store.put(sessionOf('last'), AS_SESSION)
    const whole = await readFile(pathOf(folder, LOG))
    for (let cut = start; cut <= whole.length; cut++) {
      await rm(pathOf(folder, `${LOG}.index`), { force: true })
      await writeFile(pathOf(folder, LOG), whole.subarray(0, cut))
      const events: LogRecord[] = []
      const record = (entry: LogRecord) => events.push(entry)
      const openLog = () =>
        new SessionLog(
          join(folder.directory, 'sessions'),
          { now: () => NOON * 1000 },
          { info: record, warn: record, error: record },
        )
      const reopened = openLog()
      expect(reopened.get(sessionKey('last').pk) !== undefined).toBe(cut === whole.length)
      expect(reopened.get(sessionKey('first').pk)).toContain('secret of first')
      reopened.put(sessionKey('next').pk, '{}', NOON + 3600)
      await reopened.close()
      const again = openLog()
      expect(again.get(sessionKey('next').pk)).toBe('{}')
      expect(again.get(sessionKey('first').pk)).toContain('secret of first')
      await again.close()
      const isTorn = cut > start && cut < whole.length
      expect(events.map(({ event }) => event)).toEqual(isTorn ? ['store.sessions.torn-record-cut'] : [])
    }
  })

  it('refuses a row whose record is damaged, and says so, instead of calling it absent', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a', 3600, { version: 1 }), AS_SESSION)
    const start = (await stat(pathOf(folder, LOG))).size
    await store.put(sessionOf('a', 3600, { version: 2, revoked: true }))
    await store.put(sessionOf('b'), AS_SESSION)
    await store.close()
    await flip(pathOf(folder, LOG), start + 60)
    const reopened = await folder.open()
    await expect(reopened.get(sessionKey('a'))).rejects.toThrow(StoreUnavailable)
    await expect(reopened.getMany([sessionKey('b'), sessionKey('a')])).rejects.toThrow(StoreUnavailable)
    await expect(reopened.update(sessionKey('a'), { set: { x: 1 } })).rejects.toThrow(StoreUnavailable)
    await expect(reopened.put(sessionOf('a'), { condition: { exists: false } })).rejects.toThrow(StoreUnavailable)
    expect(folder.events).toContainEqual(expect.objectContaining({ event: 'store.sessions.damaged', offset: start }))
    expect(await reopened.get(sessionKey('b'))).toStrictEqual(sessionOf('b'))
    await reopened.put(sessionOf('a', 3600, { version: 3 }))
    expect(await reopened.get(sessionKey('a'))).toMatchObject({ version: 3 })
  })

  it.each(['in the same run', 'in an earlier run'])(
    'forgets what damage may have revoked, for good, and keeps what was written later or to other minutes (first written %s)',
    async (when) => {
      const folder = await temporaryFolder()
      let store = await folder.open()
      await store.put(sessionOf('other minute', 7200), AS_SESSION)
      await store.put(sessionOf('a'), AS_SESSION)
      const start = (await stat(pathOf(folder, LOG))).size
      if (when === 'in an earlier run') {
        await store.close()
        store = await folder.open()
      }
      await store.update(sessionKey('a'), { set: { revoked: true } })
      await store.put(sessionOf('later'), AS_SESSION)
      const damaged = await afterKill(folder)
      await flip(pathOf(damaged, LOG), start + 30)
      for (let restart = 0; restart < 3; restart++) {
        const reopened = await damaged.open()
        expect(await reopened.get(sessionKey('a'))).toBeUndefined()
        expect(await reopened.get(sessionKey('later'))).toStrictEqual(sessionOf('later'))
        expect(await reopened.get(sessionKey('other minute'))).toMatchObject({ expiresAt: NOON + 7200 })
        await reopened.close()
      }
      expect(damaged.events).toContainEqual(expect.objectContaining({ event: 'store.sessions.damaged', offset: start }))
    },
  )

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['missing', (path) => rm(path)],
    ['empty', (path) => truncate(path, 0)],
    ['cut in the middle', async (path) => truncate(path, (await stat(path)).size - 5)],
    ['damaged in its header', (path) => flip(path, 6)],
    ['damaged in an entry', (path) => flip(path, 50)],
    ['no index at all', (path) => writeFile(path, 'something else')],
    [
      'followed by something else',
      async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.from('xyz')])),
    ],
  ])('needs no index file: one that is %s changes nothing', async (_flaw, harm) => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    for (let i = 0; i < 10; i++) await store.put(sessionOf(`id-${i}`), AS_SESSION)
    await store.remove(sessionKey('id-3'))
    await store.close()
    await harm(pathOf(folder, `${LOG}.index`))
    for (let restart = 0; restart < 2; restart++) {
      const reopened = await folder.open()
      for (let i = 0; i < 10; i++) {
        expect(await reopened.get(sessionKey(`id-${i}`))).toStrictEqual(i === 3 ? undefined : sessionOf(`id-${i}`))
      }
      await reopened.put(sessionOf('more'), AS_SESSION)
      await reopened.close()
    }
    expect(folder.events).toEqual([])
  })

  it('does not believe an index file that speaks of more than there is', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a'), AS_SESSION)
    const { size } = await stat(pathOf(folder, LOG))
    await store.put(sessionOf('b'), AS_SESSION)
    await store.close()
    await truncate(pathOf(folder, LOG), size)
    const reopened = await folder.open()
    expect(await reopened.get(sessionKey('b'))).toBeUndefined()
    expect(await reopened.get(sessionKey('a'))).toStrictEqual(sessionOf('a'))
    await reopened.put(sessionOf('c'), AS_SESSION)
    await reopened.close()
    const again = await folder.open()
    expect(await again.get(sessionKey('c'))).toStrictEqual(sessionOf('c'))
    await again.put(sessionOf('b'), AS_SESSION)
    expect(await again.get(sessionKey('b'))).toStrictEqual(sessionOf('b'))
  })

  it('takes no text inside a row for a record', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('forged'), AS_SESSION)
    const record = await readFile(pathOf(folder, LOG))
    const start = record.length
    await store.put(sessionOf('outer', 3600, { text: record.toString('latin1'), utf8: record.toString() }), AS_SESSION)
    const torn = await afterKill(folder)
    await truncate(pathOf(torn, LOG), (await stat(pathOf(torn, LOG))).size - 1)
    const reopened = await torn.open()
    expect(await reopened.get(sessionKey('forged'))).toStrictEqual(sessionOf('forged'))
    expect(await reopened.get(sessionKey('outer'))).toBeUndefined()
    expect((await stat(pathOf(torn, LOG))).size).toBe(start)
  })
})

describe('the sweep', () => {
  it('removes the files of the minutes that are over, and nothing else', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    for (const seconds of [60, 119, 120, 180]) await store.put(sessionOf(`s${seconds}`, seconds), AS_SESSION)
    const minute = NOON / 60
    folder.now = NOON + 119.9
    await store.sweep()
    expect(await folder.segments()).toEqual([1, 2, 3].map((m) => `${minute + m}-0.log`))
    folder.now = NOON + 120
    await store.sweep()
    expect(await folder.segments()).toEqual([2, 3].map((m) => `${minute + m}-0.log`))
    expect(await store.get(sessionKey('s119'))).toBeUndefined()
    expect(await store.get(sessionKey('s120'))).toBeDefined()
    folder.now = NOON + 10_000
    await store.sweep()
    expect(await folder.segments()).toEqual([])
    expect(await store.get(sessionKey('s180'))).toBeUndefined()
    await store.put(sessionOf('s180', 20_000), AS_SESSION)
    expect(await store.get(sessionKey('s180'))).toBeDefined()
  })

  it('runs by itself, so that an expired session has left the disk after two minutes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a', 1), AS_SESSION)
    for (const end = NOON + 1 + 120; folder.now < end; folder.now++) await vi.advanceTimersByTimeAsync(1000)
    await vi.waitFor(async () => expect(await folder.segments()).toEqual([]))
  })

  it('happens at the start too, indexes and all', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('a', 60), AS_SESSION)
    await store.put(sessionOf('b', 6000), AS_SESSION)
    await store.close()
    expect(await folder.segments()).toHaveLength(4)
    folder.now = NOON + 600
    const reopened = await folder.open()
    expect(await folder.segments()).toHaveLength(2)
    expect(await reopened.get(sessionKey('a'))).toBeUndefined()
    expect(await reopened.get(sessionKey('b'))).toBeDefined()
  })

  it('takes a row that is over when it is written', async () => {
    const folder = await temporaryFolder()
    const store = await folder.open()
    await store.put(sessionOf('old', -86_400))
    await store.update(sessionKey('old'), { set: { more: 1 } })
    await store.remove(sessionKey('old'))
    await store.put(sessionOf('old', -86_400), AS_SESSION)
    await store.put(sessionOf('older', -172_800), AS_SESSION)
    expect(await folder.segments()).toEqual([`${NOON / 60}-0.log`])
    folder.now = NOON + 60
    await store.sweep()
    expect(await store.get(sessionKey('old'))).toBeUndefined()
    expect(await folder.segments()).toEqual([])
  })

  it('leaves alone what is not its own', async () => {
    const folder = await temporaryFolder()
    await (await folder.open()).close()
    await writeFile(pathOf(folder, 'notes.txt'), 'mine')
    await copyFile(pathOf(folder, 'notes.txt'), pathOf(folder, '1-0.log.bak'))
    folder.now = NOON + 10_000
    await (await folder.open()).sweep()
    expect(await folder.segments()).toEqual(['1-0.log.bak', 'notes.txt'])
  })
})
