import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openObjects } from '../support/durable-objects.ts'
import { openObject } from '../support/open-object.ts'

const CHILD = fileURLToPath(new URL('../support/crash-child.ts', import.meta.url))

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'daypass-crash-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Kills the child as soon as it has acknowledged so many writes; answers the last one of each key. */
async function crashAfter(acknowledgements: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const last = new Map<string, number>()
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [key = '', turn] = line.split(' ')
    last.set(key, Number(turn))
    if (++seen === acknowledgements) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return last
}

const contentFilesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())

const md5 = (content: Uint8Array) => createHash('md5').update(content).digest()
const tagOf = (content: Buffer, parts: number | undefined) =>
  parts === undefined ? md5(content).toString('hex') : `${md5(md5(content)).toString('hex')}-${parts}`

type Opened = Awaited<ReturnType<typeof openObjects>>

/** How many content files there should be: those of objects, their lists of parts, and parts of uploads under way. */
async function namedContents({ objects, bucket }: Opened): Promise<number> {
  const { entries } = await objects.list(bucket, { prefix: '', delimiter: '', after: '', limit: 1000 })
  const lists = entries.filter((entry) => entry.kind === 'object' && entry.object.parts !== undefined)
  const open = await objects.uploads.list(bucket, { prefix: '', delimiter: '', key: '', uploadId: '', limit: 1000 })
  let parts = 0
  for (const entry of open.entries) {
    if (entry.kind !== 'upload') continue
    parts += (await objects.uploads.listParts(bucket, entry.upload, { after: 0, limit: 1000 })).parts.length
  }
  return entries.length + lists.length + parts
}

it('loses no acknowledged write and leaves no half object when it is killed in the middle of many', {
  timeout: 60_000,
}, async () => {
  for (const acknowledgements of [1, 7, 20, 33, 60, 100]) {
    const acknowledged = await crashAfter(acknowledgements)
    const opened = await openObjects(directory)
    const { store, objects, bucket, folder } = opened
    const { entries } = await objects.list(bucket, { prefix: '', delimiter: '', after: '', limit: 1000 })
    for (const entry of entries) {
      if (entry.kind !== 'object') throw new Error('no delimiter was given')
      const { key, etag, parts } = entry.object
      const reader = await openObject(objects, bucket, key)
      const content = Buffer.concat(await Array.fromAsync((await reader?.read()) ?? []))
      expect(tagOf(content, parts)).toBe(etag)
      const turn = Number(content.toString('latin1', 0, content.indexOf('\n')))
      const last = acknowledged.get(key)
      if (last !== undefined) expect([last, last + 1]).toContain(turn)
    }
    const found = new Set(entries.map((entry) => (entry.kind === 'object' ? entry.object.key : '')))
    for (const [key, turn] of acknowledged) {
      const mayBeAbsent = turn % 5 === 4 || (turn + 1) % 5 === 4
      if (!mayBeAbsent) expect(found).toContain(key)
    }
    expect(await contentFilesIn(folder)).toHaveLength(await namedContents(opened))
    // What a crash left of uploads can still be ended.
    const { entries: open } = await objects.uploads.list(bucket, {
      prefix: '',
      delimiter: '',
      key: '',
      uploadId: '',
      limit: 1000,
    })
    for (const entry of open) if (entry.kind === 'upload') await objects.uploads.abort(bucket, entry.upload)
    expect(await contentFilesIn(folder)).toHaveLength(await namedContents(opened))
    await store.close()
  }
})
