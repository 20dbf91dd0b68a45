import { SignatureRefusal } from './refusal.ts'

/** Reads lines and counted bytes from a body that arrives in pieces of any size. Holds one piece at a time. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #piece: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** A line without its CR LF, of at most `limit` bytes. */
  async readLine(limit: number): Promise<string> {
    let line = ''
    for (;;) {
      await this.#fill()
      const end = this.#piece.indexOf(0x0a)
      const taken = this.#take(end < 0 ? this.#piece.length : end + 1)
      line += taken.toString('latin1')
      const ended = line.endsWith('\r\n')
      if (line.length > limit + 2 || (end >= 0 && !ended)) throw new SignatureRefusal('chunk-malformed')
      if (ended) return line.slice(0, -2)
    }
  }

  /** Exactly `count` bytes, in pieces as they arrive. */
  async *read(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      await this.#fill()
      const taken = this.#take(Math.min(left, this.#piece.length))
      left -= taken.length
      yield taken
    }
  }

  /** Everything to the end, of at most `limit` bytes. */
  async readRest(limit: number): Promise<string> {
    let rest = ''
    do {
      rest += this.#take(this.#piece.length).toString('latin1')
      if (rest.length > limit) throw new SignatureRefusal('trailer-malformed')
    } while (await this.#next())
    return rest
  }

  /** Lets go of the source when its bytes are no longer wanted. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }

  async #fill(): Promise<void> {
    while (this.#piece.length === 0) if (!(await this.#next())) throw new SignatureRefusal('body-incomplete')
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#source.next()
    if (done) return false
    this.#piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return true
  }

  #take(count: number): Buffer {
    const taken = this.#piece.subarray(0, count)
    this.#piece = this.#piece.subarray(count)
    return taken
  }
}
