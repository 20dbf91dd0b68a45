/** What an attribute may hold: JSON, so that every adapter can keep it. Never `undefined`. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

export interface Key {
  readonly pk: string
  readonly sk: string
}

/**
 * A row of the table. `expiresAt` (seconds since the epoch) is the table's TTL attribute: a store may delete the item any
 * time after it, and until it does the item is still returned. So the reader's clock decides, never the item's presence.
 */
export interface Item extends Key {
  readonly expiresAt?: number
  readonly [attribute: string]: Value | undefined
}

/** What must hold of the stored item for a write to happen. `null` in `equals` means that the attribute is absent. */
export type Condition =
  | { readonly exists: false }
  | { readonly exists: true; readonly equals?: Readonly<Record<string, string | number | boolean | null>> }

/** Changes to single top-level attributes. `add` starts from 0 when the attribute is absent. */
export interface Changes {
  readonly set?: Readonly<Record<string, Value>>
  readonly remove?: readonly string[]
  readonly add?: Readonly<Record<string, number>>
}

export interface Page {
  readonly items: readonly Item[]
  /** Hand back as `after` for the next page; absent on the last page. */
  readonly next?: string
}

export interface QueryOptions {
  /** Only sort keys that start with this. */
  readonly prefix?: string
  /** Only sort keys that sort behind this one (by the bytes of their UTF-8). */
  readonly after?: string
  /** At most this many items, 1 … 1,000. */
  readonly limit?: number
}

export interface WriteOptions {
  readonly condition?: Condition
  /**
   * `session`: survives the process being killed at any instant, synced to disk within a second.
   * `configuration` (default): synced to disk before it is acknowledged.
   */
  readonly durability?: 'configuration' | 'session'
}

/** The condition of a write did not hold; nothing was written. */
export class ConditionFailed extends Error {
  constructor(key: Key) {
    super(`the condition on ${key.pk.split('#')[0]} did not hold`)
    this.name = 'ConditionFailed'
  }
}

/** The store could not answer (throttled, timed out, unprocessed keys left). Never to be read as "absent". */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}

/**
 * The table. Reads are consistent: they see every write that was acknowledged before they began. All calls reject with
 * StoreUnavailable when the store cannot answer.
 */
export interface Store {
  get(key: Key): Promise<Item | undefined>
  /** One round trip for up to 100 keys; answers in the order of the keys, `undefined` where there is no item. Keys may repeat. */
  getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>
  /** Replaces the whole item. Rejects with ConditionFailed. */
  put(item: Item, options?: WriteOptions): Promise<void>
  /** Creates the item when it is absent, unless a condition forbids it. Answers the item after the change. */
  update(key: Key, changes: Changes, options?: WriteOptions): Promise<Item>
  remove(key: Key, options?: WriteOptions): Promise<void>
  /** Items of one partition in ascending order of the sort key's UTF-8 bytes. */
  query(pk: string, options?: QueryOptions): Promise<Page>
  close(): Promise<void>
}
