import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogRecord } from '@daypass/core/deps.ts'
import { type EmbeddedStore, openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import { onTestFinished } from 'vitest'

/** A round minute, in seconds. */
export const NOON = 1_790_000_040 - (1_790_000_040 % 60)

export interface Folder {
  readonly directory: string
  /** Seconds; set it to move the time. */
  now: number
  readonly events: LogRecord[]
  open(): Promise<EmbeddedStore>
  /** Names of the session log's files. */
  segments(): Promise<string[]>
}

/** A data folder with a clock of its own; it goes, and its stores end, with the test. */
export async function temporaryFolder(): Promise<Folder> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-embedded-'))
  const opened: EmbeddedStore[] = []
  const folder: Folder = {
    directory,
    now: NOON,
    events: [],
    async open() {
      const record = (entry: LogRecord) => folder.events.push(entry)
      const log = { info: record, warn: record, error: record }
      const store = await openEmbeddedStore({ directory, clock: { now: () => folder.now * 1000 }, log })
      opened.push(store)
      return store
    },
    async segments() {
      return (await readdir(join(directory, 'sessions'))).sort()
    },
  }
  onTestFinished(async () => {
    for (const store of opened) await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  return folder
}

/** A session that ends `seconds` after NOON. */
export function sessionOf(id: string, seconds = 3600, more: Partial<Item> = {}): Item {
  return { ...sessionKey(id), expiresAt: NOON + seconds, secret: `secret of ${id}`, ...more }
}

export const AS_SESSION = { durability: 'session' } as const
