import { join } from 'node:path'
import type { Clock, Log } from '../../deps.ts'
import { KIND } from '../keys.ts'
import { checkChanges, checkKey, checkKeys, checkQuery } from '../limits.ts'
import {
  type Changes,
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type QueryOptions,
  type Store,
  StoreUnavailable,
  type WriteOptions,
} from '../port.ts'
import { compareUtf8 } from '../utf8-order.ts'
import { encodeAttributes } from './attributes.ts'
import { folderError, lockFolder, makeFolder } from './data-folder.ts'
import { SessionLog } from './sessions/session-log.ts'
import { SessionTable } from './sessions/session-table.ts'
import { Table } from './table/table.ts'

/** Twice a minute, so that an expired session has left the disk at most 90 seconds after its time. */
const SWEEP_MS = 30_000

export interface EmbeddedStore extends Store {
  /** Removes what has expired by the clock. Runs by itself twice a minute. */
  sweep(): Promise<void>
}

export interface EmbeddedStoreOptions {
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
}

/**
 * The store of a single process, in a folder. Sessions are in an append-only log, all else in SQLite. Rejects with
 * DataFolderError, in one sentence for the operator, when another process has the folder or it cannot be used.
 */
export async function openEmbeddedStore({ directory, clock, log }: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  try {
    makeFolder(directory)
    const lock = lockFolder(directory)
    try {
      const sessionLog = new SessionLog(join(directory, 'sessions'), clock, log)
      return new FolderStore({ sessionLog, table: new Table(directory, log), lock, clock, log })
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw folderError(directory, error)
  }
}

/** A session's one item lies in the log; whatever else is in its partition, and all other partitions, in the table. */
function isSession({ pk, sk }: Key): boolean {
  return sk === KIND.session && pk.startsWith(SESSION_PARTITION)
}

const SESSION_PARTITION = `${KIND.session}#`

interface Parts {
  readonly log: Log
  readonly clock: Clock
  readonly lock: { release(): void }
  readonly sessionLog: SessionLog
  readonly table: Table
}

class FolderStore implements EmbeddedStore {
  readonly #parts: Parts
  readonly #sessions: SessionTable
  readonly #sweeper: NodeJS.Timeout
  #sweeping: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#sessions = new SessionTable(parts.sessionLog)
    this.#sweeper = setInterval(() => this.sweep().catch(() => undefined), SWEEP_MS).unref()
  }

  get(key: Key): Promise<Item | undefined> {
    return this.#answer(() => {
      checkKey(key)
      return this.#find(key)
    })
  }

  getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
    return this.#answer(() => {
      checkKeys(keys)
      return keys.map((key) => this.#find(key))
    })
  }

  put(item: Item, options: WriteOptions = {}): Promise<void> {
    return this.#answer<void>(() => {
      checkKey(item)
      if (isSession(item)) return this.#sessions.put(item, options)
      const { pk, sk } = item
      return this.#parts.table.write({ kind: 'put', pk, sk, condition: options.condition, ...encodeAttributes(item) })
    })
  }

  update({ pk, sk }: Key, changes: Changes, options: WriteOptions = {}): Promise<Item> {
    return this.#answer(() => {
      checkKey({ pk, sk })
      checkChanges(changes)
      if (isSession({ pk, sk })) return this.#sessions.update({ pk, sk }, changes, options)
      return this.#parts.table.update({ pk, sk, condition: options.condition, changes })
    })
  }

  remove({ pk, sk }: Key, options: WriteOptions = {}): Promise<void> {
    return this.#answer<void>(() => {
      checkKey({ pk, sk })
      if (isSession({ pk, sk })) return this.#sessions.remove({ pk, sk }, options)
      return this.#parts.table.write({ kind: 'remove', pk, sk, condition: options.condition })
    })
  }

  query(pk: string, options: QueryOptions = {}): Promise<Page> {
    return this.#answer(() => {
      checkQuery(pk, options)
      const page = this.#parts.table.query(pk, options)
      return pk.startsWith(SESSION_PARTITION) ? this.#withSession(pk, options, page) : page
    })
  }

  sweep(): Promise<void> {
    const { clock, log, table } = this.#parts
    const run = this.#sweeping.then(() =>
      this.#answer(async () => {
        await this.#sessions.sweep()
        await table.sweep(clock.now() / 1000)
      }),
    )
    this.#sweeping = run.catch((error: unknown) => log.warn({ event: 'store.sweep-failed', reason: String(error) }))
    return run
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweeper)
    const { table, sessionLog, lock } = this.#parts
    table.stopSweeping()
    await this.#sweeping
    await Promise.all([table.close(), sessionLog.close()])
    lock.release()
  }

  #find(key: Key): Item | undefined {
    return isSession(key) ? this.#sessions.get(key) : this.#parts.table.get(key)
  }

  /** The page with the partition's session, should it belong there. */
  #withSession(pk: string, { prefix = '', after = '', limit }: QueryOptions, page: Page): Page {
    const sk = KIND.session
    const session = sk.startsWith(prefix) && compareUtf8(sk, after) > 0 ? this.#sessions.get({ pk, sk }) : undefined
    if (session === undefined || (page.next !== undefined && compareUtf8(sk, page.next) > 0)) return page
    const all = [...page.items, session].sort((a, b) => compareUtf8(a.sk, b.sk))
    const items = all.slice(0, limit)
    const last = items.at(-1)
    return (items.length < all.length || page.next !== undefined) && last !== undefined
      ? { items, next: last.sk }
      : { items }
  }

  /** No async function, because most answers are there at once. */
  #answer<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new StoreUnavailable('the store is closed'))
    try {
      const answer = work()
      if (!(answer instanceof Promise)) return Promise.resolve(answer)
      return answer.catch((error: unknown) => {
        throw this.#asTold(error)
      })
    } catch (error) {
      return Promise.reject(this.#asTold(error))
    }
  }

  /** Gives the port's errors to the caller as they are; any other is the store's own and goes to the log. */
  #asTold(error: unknown): unknown {
    if (error instanceof StoreUnavailable || error instanceof ConditionFailed) return error
    if (error instanceof RangeError || error instanceof TypeError) return error
    this.#parts.log.error({ event: 'store.failed', reason: String(error) })
    return new StoreUnavailable('the store could not answer', { cause: error })
  }
}
