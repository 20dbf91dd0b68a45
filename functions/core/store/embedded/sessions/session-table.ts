import { type Changes, ConditionFailed, type Item, type Key, type WriteOptions } from '../../port.ts'
import { applyChanges, decodeItem, encodeAttributes, holds } from '../attributes.ts'
import type { SessionLog, Written } from './session-log.ts'

/**
 * Items in the session log. What a write decides and what it appends is one synchronous step, so concurrent conditional
 * writes need no lock.
 */
export class SessionTable {
  readonly #rows: SessionLog

  constructor(rows: SessionLog) {
    this.#rows = rows
  }

  get(key: Key): Item | undefined {
    const body = this.#rows.get(key.pk)
    return body === undefined ? undefined : decodeItem(key, body)
  }

  async put(item: Item, options: WriteOptions): Promise<void> {
    const { body, expiresAt } = encodeAttributes(item)
    this.#check(item, options)
    await this.#finish(this.#rows.put(item.pk, body, expiresAt), options)
  }

  async update(key: Key, changes: Changes, options: WriteOptions): Promise<Item> {
    const before = this.get(key)
    if (!holds(options.condition, before)) throw new ConditionFailed(key)
    const { body, expiresAt } = encodeAttributes(applyChanges(key, before, changes))
    await this.#finish(this.#rows.put(key.pk, body, expiresAt), options)
    return decodeItem(key, body)
  }

  async remove(key: Key, options: WriteOptions): Promise<void> {
    this.#check(key, options)
    const written = this.#rows.remove(key.pk)
    if (written !== undefined) await this.#finish(written, options)
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
