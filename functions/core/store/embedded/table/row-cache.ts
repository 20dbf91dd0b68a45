const MOST_BYTES = 16 * 1024 * 1024
/** About what an entry costs beside its text. */
const ENTRY_BYTES = 200

/**
 * The bodies of rows that were read lately, absent ones included; the least recently used go first. It may exist because
 * this process is the folder's only writer: a row is dropped before each write of it and not kept while one is under way.
 */
export class RowCache {
  readonly #bodies = new Map<string, string | null>()
  readonly #writing = new Map<string, number>()
  #bytes = 0

  /** `null` when the row is known to be absent, undefined when nothing is known. */
  get(key: string): string | null | undefined {
    const body = this.#bodies.get(key)
    if (body === undefined) return undefined
    this.#bodies.delete(key)
    this.#bodies.set(key, body)
    return body
  }

  keep(key: string, body: string | null): void {
    if (this.#writing.has(key)) return
    this.drop(key)
    this.#bodies.set(key, body)
    this.#bytes += cost(key, body)
    for (const oldest of this.#bodies.keys()) {
      if (this.#bytes <= MOST_BYTES) return
      this.drop(oldest)
    }
  }

  drop(key: string): void {
    const body = this.#bodies.get(key)
    if (body === undefined) return
    this.#bodies.delete(key)
    this.#bytes -= cost(key, body)
  }

  beginWrite(key: string): void {
    this.drop(key)
    this.#writing.set(key, (this.#writing.get(key) ?? 0) + 1)
  }

  endWrite(key: string): void {
    const left = (this.#writing.get(key) ?? 1) - 1
    if (left > 0) this.#writing.set(key, left)
    else this.#writing.delete(key)
  }
}

function cost(key: string, body: string | null): number {
  return ENTRY_BYTES + 2 * (key.length + (body?.length ?? 0))
}
