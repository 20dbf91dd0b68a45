import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Log } from '../../../deps.ts'
import {
  type Changes,
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type QueryOptions,
  StoreUnavailable,
} from '../../port.ts'
import { decodeItem } from '../attributes.ts'
import type { Outcome, Write } from './messages.ts'
import { RowCache } from './row-cache.ts'
import { openDatabase, rowChecksum } from './schema.ts'
import { type Ask, TableWriter } from './table-writer.ts'

/** Behind every sort key that starts with a prefix: 0xff never occurs in UTF-8. */
const BEHIND = Buffer.from([0xff])
/** Appended to a key it gives the very next key. */
const NEXT = Buffer.from([0])
const MOST_ITEMS = 1000

/**
 * Items in SQLite: written by a thread of its own, acknowledged when they are on the disk, read here. A reader sees every
 * commit, and acknowledgements come after commits, so reads see every acknowledged write.
 */
export class Table {
  readonly #database: DatabaseSync
  readonly #one: StatementSync
  readonly #range: StatementSync
  readonly #expired: StatementSync
  readonly #directory: string
  readonly #cache = new RowCache()
  readonly #log: Log
  /** Starts with the first write, so that opening takes milliseconds, and anew should it have ended. */
  #writer: TableWriter | undefined
  #sweepingStopped = false

  constructor(directory: string, log: Log) {
    this.#directory = directory
    this.#log = log
    this.#database = openDatabase(directory)
    this.#database.exec('PRAGMA query_only = ON')
    this.#one = this.#database.prepare('SELECT body, checksum FROM items WHERE pk = ? AND sk = ?')
    this.#range = this.#database.prepare(
      'SELECT sk, body, checksum FROM items WHERE pk = ? AND sk >= ? AND sk < ? ORDER BY sk LIMIT ?',
    )
    this.#expired = this.#database.prepare('SELECT 1 FROM items WHERE expires_at < ? LIMIT 1')
  }

  /** The row, frozen: it is shared with all who ask. */
  get(key: Key): Item | undefined {
    const kept = this.#cache.get(key)
    if (kept !== undefined) return kept ?? undefined
    const [pk, sk] = [Buffer.from(key.pk), Buffer.from(key.sk)]
    const row = this.#one.get(pk, sk)
    if (row === undefined) {
      this.#cache.keep(key, null, 0)
      return undefined
    }
    const body = this.#soundBody(pk, sk, row)
    const item = decodeItem(key, body)
    this.#cache.keep(key, item, body.length)
    return item
  }

  query(pk: string, { prefix = '', after = '', limit = MOST_ITEMS }: QueryOptions): Page {
    const [pkBytes, prefixBytes] = [Buffer.from(pk), Buffer.from(prefix)]
    const behindAfter = Buffer.concat([Buffer.from(after), NEXT])
    const start = after !== '' && behindAfter.compare(prefixBytes) > 0 ? behindAfter : prefixBytes
    const rows = this.#range.all(pkBytes, start, Buffer.concat([prefixBytes, BEHIND]), limit + 1)
    const items = rows.slice(0, limit).map((row) => {
      const sk = Buffer.from(row.sk instanceof Uint8Array ? row.sk : [])
      return decodeItem({ pk, sk: sk.toString() }, this.#soundBody(pkBytes, sk, row))
    })
    const last = items.at(-1)
    return rows.length > limit && last !== undefined ? { items, next: last.sk } : { items }
  }

  /** Puts or removes. Rejects with ConditionFailed, StoreUnavailable or RangeError. */
  async write(write: Write): Promise<void> {
    await this.#commit(write)
  }

  async update(write: Key & Pick<Write, 'condition'> & { readonly changes: Changes }): Promise<Item> {
    const outcome = await this.#commit({ ...write, kind: 'update' })
    if (outcome.kind !== 'updated') throw new StoreUnavailable('the writer gave no item')
    return decodeItem(write, outcome.body)
  }

  /** Removes what expired before `now` (seconds), in small transactions between which other writes have their turn. */
  async sweep(now: number): Promise<void> {
    while (!this.#sweepingStopped && this.#expired.get(now) !== undefined) {
      const outcome = await this.#ask({ expiredBefore: now })
      if (outcome.kind !== 'swept') throw new StoreUnavailable('expired items could not be removed')
      for (const key of outcome.keys) this.#cache.drop(key)
    }
  }

  /** Ends a sweep that is under way after its next step. */
  stopSweeping(): void {
    this.#sweepingStopped = true
  }

  async close(): Promise<void> {
    this.#database.close()
    await this.#writer?.close()
  }

  #ask(request: Ask): Promise<Outcome> {
    if (this.#writer === undefined || this.#writer.hasEnded) this.#writer = new TableWriter(this.#directory, this.#log)
    return this.#writer.ask(request)
  }

  async #commit(write: Write): Promise<Outcome> {
    this.#cache.beginWrite(write)
    try {
      const outcome = await this.#ask({ write })
      if (outcome.kind === 'condition-failed') throw new ConditionFailed(write)
      if (outcome.kind === 'refused') throw new RangeError(outcome.message)
      if (outcome.kind === 'failed') {
        this.#log.error({ event: 'store.write-failed', kind: write.pk.split('#')[0], reason: outcome.message })
        throw new StoreUnavailable('the store could not write')
      }
      return outcome
    } finally {
      this.#cache.endWrite(write)
    }
  }

  #soundBody(pk: Buffer, sk: Buffer, row: Record<string, unknown>): string {
    const body = String(row.body)
    if (rowChecksum(pk, sk, body) === row.checksum) return body
    this.#log.error({ event: 'store.item-damaged', kind: pk.toString().split('#')[0] })
    throw new StoreUnavailable('a stored item is damaged')
  }
}
