import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { VersionEntry } from '../../../functions/s3/backing/listings-port.ts'
import { openObjects } from '../support/durable-objects.ts'
import { openObject } from '../support/open-object.ts'

const CHILD = fileURLToPath(new URL('../support/version-crash-child.ts', import.meta.url))

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'daypass-version-crash-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Kills the child as soon as it has acknowledged so many changes; answers what versions each key then had, newest first. */
async function crashAfter(acknowledgements: number, before: ReadonlyMap<string, readonly string[]>) {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const names = new Map([...before].map(([key, each]) => [key, [...each]]))
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [change, key = '', name = ''] = line.split(' ')
    const rest = (names.get(key) ?? []).filter((each) => each !== name)
    names.set(key, change === '+' ? [name, ...rest] : rest)
    if (++seen === acknowledgements) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return names
}

type Opened = Awaited<ReturnType<typeof openObjects>>
type Version = Exclude<VersionEntry, { readonly kind: 'prefix' }>

async function versionsOf({ objects, bucket }: Opened): Promise<Version[]> {
  const found: Version[] = []
  for (let from = { key: '', versionId: '' }; ; ) {
    const page = await objects.listVersions(bucket, { prefix: '', delimiter: '', limit: 7, ...from })
    for (const entry of page.entries) if (entry.kind !== 'prefix') found.push(entry)
    if (!page.next) return found
    from = { versionId: '', ...page.next }
  }
}

const contentFilesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())

it('loses no acknowledged version, brings none back, and leaves no content when it is killed in the middle of many', {
  timeout: 120_000,
}, async () => {
  let before = new Map<string, readonly string[]>()
  for (const acknowledgements of [1, 9, 25, 48, 90]) {
    const acknowledged = await crashAfter(acknowledgements, before)
    const opened = await openObjects(directory)
    const { store, objects, bucket, folder } = opened
    const versions = await versionsOf(opened)
    const found = new Map<string, string[]>()
    for (const { object, latest } of versions) {
      const names = found.get(object.key) ?? []
      expect(latest).toBe(names.length === 0)
      found.set(object.key, [...names, object.versionId])
    }
    for (const [key, names] of acknowledged) {
      const there = found.get(key) ?? []
      const lost = names.filter((name) => !there.includes(name))
      const added = there.filter((name) => !names.includes(name))
      // At most the one change that was under way was done and not acknowledged.
      expect(lost.length + added.length).toBeLessThanOrEqual(1)
      // A null version that was under way may have moved to the top.
      const settled = (all: readonly string[]) => all.filter((name) => name !== 'null')
      expect(settled(there.filter((name) => names.includes(name)))).toEqual(
        settled(names.filter((name) => there.includes(name))),
      )
    }
    let contents = 0
    for (const { kind, object } of versions) {
      if (kind === 'marker') continue
      contents++
      const reader = await openObject(objects, bucket, object.key, { versionId: object.versionId })
      const content = Buffer.concat(await Array.fromAsync((await reader?.read()) ?? []))
      expect(createHash('md5').update(content).digest('hex')).toBe('etag' in object ? object.etag : '')
    }
    expect(await contentFilesIn(folder)).toHaveLength(contents)
    before = found
    await store.close()
  }
})
