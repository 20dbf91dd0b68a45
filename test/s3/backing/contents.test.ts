import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ContentFiles, contentFiles } from '../../../functions/s3/backing/embedded/content-files.ts'
import { contentsOf } from '../../../functions/s3/backing/embedded/contents.ts'
import { manifestId, writeManifest } from '../../../functions/s3/backing/embedded/manifest.ts'

let folder: string
let files: ContentFiles
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-contents-'))
  files = await contentFiles(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function content(text: string): Promise<string> {
  const id = files.newId()
  const bytes = async function* () {
    yield Buffer.from(text)
  }
  await files.write(id, bytes())
  return id
}
async function listOf(...parts: string[]): Promise<string> {
  const id = manifestId(files.newId())
  const rows = parts.map((contentId, index) => ({
    contentId,
    part: { number: index + 1, size: 3, etag: '', modifiedAt: 0, checksums: {} },
  }))
  await writeManifest(files, id, rows)
  return id
}

it('a content of parts goes with its parts, but for those that its heir has too', async () => {
  const [shared, own] = [await content('one'), await content('two')]
  const [first, second] = [await listOf(shared, own), await listOf(shared)]
  await contentsOf(files).discard(first, second)
  expect(await Promise.all([shared, own, first, second].map((id) => files.exists(id)))).toEqual([
    true,
    false,
    false,
    true,
  ])
  await contentsOf(files).discard(second, undefined)
  expect(await files.exists(shared)).toBe(false)
})

it('a range is read across parts, also of nothing', async () => {
  const contents = contentsOf(files)
  const id = await listOf(await content('one'), await content('two'), await content('end'))
  for (const [first, last, text] of [
    [0, 8, 'onetwoend'],
    [2, 3, 'et'],
    [3, 5, 'two'],
    [8, 8, 'd'],
    [0, -1, ''],
  ] as const) {
    const opened = await contents.open(id)
    expect(Buffer.concat(await Array.fromAsync(opened?.read({ first, last }) ?? [])).toString()).toBe(text)
  }
})

it('a content whose part is missing fails, and is free again', async () => {
  const contents = contentsOf(files)
  const part = await content('one')
  const id = await listOf(part)
  await files.remove(part)
  const opened = await contents.open(id)
  await expect(Array.fromAsync(opened?.read({ first: 0, last: 2 }) ?? [])).rejects.toThrow('missing')
  await contents.discard(id, undefined)
  expect(await files.exists(id)).toBe(false)
})
