import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Clock } from '../deps.ts'

/** What a subkey is for. A text sealed for one purpose never opens for another. */
export type Purpose =
  | 'session-token'
  | 'session-secret'
  | 'long-term-secret'
  | 'mfa-seed'
  | 'authorization-message'
  | 'bootstrap-digest'
  | 'signing-key'

/** One key as it is kept: in a Secrets Manager secret in AWS, in a file of mode 0600 on one machine. Times are ms since the epoch. */
export interface StoredKey {
  /** 8 hexadecimal digits; it stands in clear text in all that the key has sealed. */
  readonly id: string
  /** 32 bytes in base64. */
  readonly secret: string
  readonly publishedAt: number
  /** From when on it seals; later than `publishedAt`, so that every reader knows the key before the first token of it. */
  readonly sealsFrom: number
  /** From when on it opens nothing any more; absent while that is not decided. */
  readonly opensUntil?: number
}

export interface StoredRing {
  readonly keys: readonly StoredKey[]
}

/** Reads the ring's document from where it is kept. */
export type RingSource = () => Promise<StoredRing>

/** Told of a source that cannot be read: once, until it has been read again. */
type NoteUnreadable = (cause: unknown) => void

const REFRESH_MS = 5 * 60_000
const UNKNOWN_KEY_REFRESH_MS = 30_000

export interface RingKey {
  readonly id: string
  subkey(purpose: Purpose): KeyObject
}

/** The ring has no key that may seal now: an operator's fault, never a caller's. */
export class NoSealingKey extends Error {
  constructor() {
    super('the key ring holds no key that may seal at this time')
    this.name = 'NoSealingKey'
  }
}

/**
 * A ring of keys that rotates without a restart: it is read again every 5 minutes, and for a key id that it does not know
 * at most every 30 seconds. While its source cannot be read the keys at hand serve on, and the operator is told, since a new key
 * is not learnt of meanwhile.
 */
export class KeyRing {
  readonly #source: RingSource
  readonly #clock: Clock
  readonly #noteUnreadable: NoteUnreadable
  #unreadable = false
  #keys = new Map<string, StoredKey & RingKey>()
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  /** Of a ring that was never read its caller is told by the failure itself. */
  constructor(source: RingSource, clock: Clock, noteUnreadable: NoteUnreadable = () => {}) {
    this.#source = source
    this.#clock = clock
    this.#noteUnreadable = noteUnreadable
  }

  /** The key that seals now: of those whose time has come the one that began last. */
  async sealingKey(): Promise<RingKey> {
    if (this.#isOlderThan(REFRESH_MS)) await this.#refresh()
    const now = this.#clock.now()
    let newest: (StoredKey & RingKey) | undefined
    for (const key of this.#keys.values()) {
      if (key.sealsFrom <= now && opens(key, now) && (!newest || key.sealsFrom > newest.sealsFrom)) newest = key
    }
    if (!newest) throw new NoSealingKey()
    return newest
  }

  /** The key of an id that was read from a sealed text, as long as it opens. */
  async find(id: string): Promise<RingKey | undefined> {
    if (this.#isOlderThan(this.#keys.has(id) ? REFRESH_MS : UNKNOWN_KEY_REFRESH_MS)) await this.#refresh()
    const key = this.#keys.get(id)
    return key && opens(key, this.#clock.now()) ? key : undefined
  }

  /** As `find`, of what was read in the last 5 minutes: without waiting, and `undefined` when that is longer ago. */
  findFresh(id: string): RingKey | undefined {
    const key = this.#keys.get(id)
    return key && !this.#isOlderThan(REFRESH_MS) && opens(key, this.#clock.now()) ? key : undefined
  }

  #isOlderThan(age: number): boolean {
    return this.#clock.now() - this.#readAt >= age
  }

  async #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    await this.#reading
  }

  async #read(): Promise<void> {
    try {
      const stored = await this.#source()
      this.#keys = new Map(stored.keys.map((key) => [key.id, this.#keys.get(key.id) ?? withSubkeys(key)]))
      for (const key of stored.keys) {
        const known = this.#keys.get(key.id)
        if (known) this.#keys.set(key.id, { ...known, ...key })
      }
      this.#unreadable = false
    } catch (cause) {
      if (this.#keys.size === 0) throw cause
      if (!this.#unreadable) this.#noteUnreadable(cause)
      this.#unreadable = true
    }
    this.#readAt = this.#clock.now()
  }
}

/** A fresh key that seals at once: for the first key of a ring. */
export function newStoredKey(now: number): StoredKey {
  return {
    id: randomBytes(4).toString('hex'),
    secret: randomBytes(32).toString('base64'),
    publishedAt: now,
    sealsFrom: now,
  }
}

/** Reads a ring document; throws a plain Error that names the flaw, never the content. */
export function parseStoredRing(text: string): StoredRing {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new Error('the key ring is not JSON')
  }
  const keys = (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('the key ring holds no keys')
  return { keys: keys.map(parseStoredKey) }
}

function parseStoredKey(key: Partial<Record<keyof StoredKey, unknown>> | null): StoredKey {
  const { id, secret, publishedAt, sealsFrom, opensUntil } = key ?? {}
  if (typeof id !== 'string' || !/^[0-9a-f]{8}$/.test(id)) throw new Error('a key of the key ring has no valid id')
  if (typeof secret !== 'string' || Buffer.from(secret, 'base64').length !== 32) {
    throw new Error(`key ${id} of the key ring is not 32 bytes of base64`)
  }
  if (typeof publishedAt !== 'number' || typeof sealsFrom !== 'number') throw new Error(`key ${id} has no valid times`)
  if (opensUntil === undefined) return { id, secret, publishedAt, sealsFrom }
  if (typeof opensUntil !== 'number') throw new Error(`key ${id} has no valid end`)
  return { id, secret, publishedAt, sealsFrom, opensUntil }
}

function opens(key: StoredKey, now: number): boolean {
  return key.opensUntil === undefined || now < key.opensUntil
}

function withSubkeys(key: StoredKey): StoredKey & RingKey {
  const secret = Buffer.from(key.secret, 'base64')
  const subkeys = new Map<Purpose, KeyObject>()
  const subkey = (purpose: Purpose): KeyObject => {
    const known = subkeys.get(purpose)
    if (known) return known
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `daypass/${purpose}`, 32)))
    subkeys.set(purpose, derived)
    return derived
  }
  return { ...key, subkey }
}
