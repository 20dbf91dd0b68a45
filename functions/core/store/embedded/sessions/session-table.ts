import { type Changes, ConditionFailed, type Item, type Key, type WriteOptions } from '../../port.ts'
import { applyChanges, decodeItem, encodeAttributes, holds } from '../attributes.ts'
import { RowCache } from '../table/row-cache.ts'
import type { SessionLog, Written } from './session-log.ts'

/**
 * Items in the session log. What a write decides and what it appends is one synchronous step, so concurrent conditional
 * writes need no lock, and a session that is in use is kept parsed until it is written again or expired ones are swept.
 */
export class SessionTable {
  readonly #rows: SessionLog
  readonly #cache = new RowCache()

  constructor(rows: SessionLog) {
    this.#rows = rows
  }

  /** The session, frozen: it is shared with all who ask. */
  get(key: Key): Item | undefined {
    const kept = this.#cache.get(key)
    if (kept) return kept
    const body = this.#rows.get(key.pk)
    if (body === undefined) return undefined
    const item = decodeItem(key, body)
    this.#cache.keep(key, item, body.length)
    return item
  }

  put(item: Item, options: WriteOptions): Promise<void> | undefined {
    const { body, expiresAt } = encodeAttributes(item)
    this.#check(item, options)
    this.#cache.drop(item)
    return this.#finish(this.#rows.put(item.pk, body, expiresAt), options)
  }

  async update(key: Key, changes: Changes, options: WriteOptions): Promise<Item> {
    const before = this.get(key)
    if (!holds(options.condition, before)) throw new ConditionFailed(key)
    const { body, expiresAt } = encodeAttributes(applyChanges(key, before, changes))
    this.#cache.drop(key)
    await this.#finish(this.#rows.put(key.pk, body, expiresAt), options)
    return decodeItem(key, body)
  }

  remove(key: Key, options: WriteOptions): Promise<void> | undefined {
    this.#check(key, options)
    this.#cache.drop(key)
    const written = this.#rows.remove(key.pk)
    return written && this.#finish(written, options)
  }

  async sweep(): Promise<void> {
    this.#cache.clear()
    await this.#rows.sweep()
    this.#cache.clear() // of what was read of a file before it went
  }

  #check(key: Key, { condition }: WriteOptions): void {
    if (condition !== undefined && !holds(condition, this.get(key))) throw new ConditionFailed(key)
  }

  #finish(written: Written, { durability }: WriteOptions): Promise<void> | undefined {
    if (durability !== 'session') return this.#rows.syncNow(written)
    this.#rows.syncSoon(written)
    return undefined
  }
}
