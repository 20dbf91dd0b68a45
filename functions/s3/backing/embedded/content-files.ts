import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteRange } from '../../range.ts'
import { fileRange } from './file-range.ts'
import { writeChunks } from './write-chunks.ts'

/**
 * What a write or a removal is about to do to content files, so that the next start can tell which of them nobody names.
 * Without more: at most one of the contents will be the object's once the work is done.
 */
export interface Intent {
  readonly bucketId: string
  readonly key: string
  readonly contents: readonly string[]
  /** Rows of versions that may be left over. */
  readonly versions?: readonly string[]
  /** The contents are of this part of a multipart upload. */
  readonly part?: { readonly uploadId: string; readonly number: number }
  /** The multipart upload ends, in the manifest among the contents, if there is one. */
  readonly ends?: string
  /** The bucket of this name goes, and its multipart uploads with it. */
  readonly bucket?: string
}

/** Contents of objects as files named by random id under one folder, and the notes that make a crash harmless. */
export interface ContentFiles {
  newId(): string
  /** Writes the content and syncs it and its folder: a caller that goes on finds it whole after any crash. */
  write(id: string, content: AsyncIterable<Buffer>): Promise<void>
  /** `undefined` when there is no such content. What was opened stays readable after `remove`. */
  open(id: string): Promise<OpenContent | undefined>
  remove(id: string): Promise<void>
  exists(id: string): Promise<boolean>
  /** A small content whole. */
  text(id: string): Promise<string | undefined>
  /** Notes an intent before anything happens; the answer is called when all is settled. */
  note(intent: Intent): Promise<() => Promise<void>>
  /** Removes unfinished writes, then hands out the intents that a crash left, each forgotten once handled. */
  recover(handle: (intent: Intent) => Promise<void>): Promise<void>
}

interface OpenContent {
  read(range: ByteRange): AsyncIterableIterator<Buffer>
  close(): Promise<void>
}

const PRIVATE_FOLDER = { recursive: true, mode: 0o700 } as const
const PRIVATE_FILE = 0o600

const missing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Opens the folder, which one process owns. */
export async function contentFiles(folder: string): Promise<ContentFiles> {
  const incoming = join(folder, 'incoming')
  const intents = join(folder, 'intents')
  for (const path of [incoming, intents]) await mkdir(path, PRIVATE_FOLDER)
  const place = (id: string) => join(folder, id.slice(0, 2), id.slice(2, 4), id)
  const newId = () => randomBytes(16).toString('hex')

  return {
    newId,

    async write(id, content) {
      const unfinished = join(incoming, id)
      const final = place(id)
      try {
        const file = await open(unfinished, 'wx', PRIVATE_FILE)
        try {
          await writeChunks(file, content)
          await file.sync()
        } finally {
          await file.close()
        }
        const made = await mkdir(dirname(final), PRIVATE_FOLDER)
        await rename(unfinished, final)
        await syncFolder(dirname(final))
        if (made !== undefined) for (const path of [dirname(dirname(final)), folder]) await syncFolder(path)
      } catch (error) {
        await rm(unfinished, { force: true })
        throw error
      }
    },

    async open(id) {
      try {
        const file = await open(place(id), 'r')
        return { read: (range) => fileRange(file, range), close: () => file.close() }
      } catch (error) {
        if (missing(error)) return undefined
        throw error
      }
    },

    remove: (id) => rm(place(id), { force: true }),

    exists: (id) =>
      access(place(id)).then(
        () => true,
        (error: unknown) => {
          if (missing(error)) return false
          throw error
        },
      ),

    async text(id) {
      try {
        return await readFile(place(id), 'utf8')
      } catch (error) {
        if (missing(error)) return undefined
        throw error
      }
    },

    async note(intent) {
      const path = join(intents, newId())
      // Not synced: a note that a power failure loses costs disk space and nothing else.
      await writeFile(path, JSON.stringify(intent), { flag: 'wx', mode: PRIVATE_FILE })
      return () => rm(path, { force: true })
    },

    async recover(handle) {
      for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true })
      const notes: { readonly path: string; readonly intent: Intent | undefined }[] = []
      for (const name of await readdir(intents)) {
        const path = join(intents, name)
        notes.push({ path, intent: parseIntent(await readFile(path, 'utf8')) })
      }
      // What replaced an object comes before what ended the upload that had made it: see `recoverUpload`.
      notes.sort((a, b) => Number(a.intent?.ends !== undefined) - Number(b.intent?.ends !== undefined))
      for (const { path, intent } of notes) {
        if (intent) await handle(intent)
        await rm(path, { force: true })
      }
    },
  }
}

/** A note that was cut short says nothing: what it was to announce had not begun. */
function parseIntent(text: string): Intent | undefined {
  try {
    return JSON.parse(text) as Intent
  } catch {
    return undefined
  }
}
