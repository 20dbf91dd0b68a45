import { freeChunk, ownChunk } from '../http/chunk-memory.ts'
import { SignatureRefusal } from './refusal.ts'

const NOTHING = Buffer.alloc(0)
/** Copies of less share their memory with other buffers, since memory of their own would cost more than it is worth. */
const LEAST_FREED_BYTES = 4096

/**
 * Reads lines and counted bytes from a body that arrives in pieces of any size. Holds one piece at a time, and frees those of
 * which it gave out copies.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  /** As it came, while nobody else has it. */
  #came: Buffer = NOTHING
  /** What of it was not taken yet. */
  #piece: Buffer = NOTHING

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

  /** Exactly `count` bytes, in pieces as they arrive, each of which is the taker's alone. */
  async *read(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      await this.#fill()
      const given = this.#give(left)
      left -= given.length
      yield given
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
    this.#release()
    await this.#source.return?.()
  }

  async #fill(): Promise<void> {
    while (this.#piece.length === 0) if (!(await this.#next())) throw new SignatureRefusal('body-incomplete')
  }

  async #next(): Promise<boolean> {
    this.#release()
    const { done, value } = await this.#source.next()
    if (done) return false
    this.#came = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    this.#piece = this.#came
    return true
  }

  #release(): void {
    freeChunk(this.#came)
    this.#came = NOTHING
    this.#piece = NOTHING
  }

  /** At most so many bytes that nobody else has: a piece as it came, or a copy of a part of one. */
  #give(most: number): Buffer {
    if (this.#piece.length === this.#came.length && this.#piece.length <= most) {
      const whole = this.#came
      this.#came = NOTHING
      this.#piece = NOTHING
      return whole
    }
    const part = this.#take(Math.min(most, this.#piece.length))
    const copy = part.length < LEAST_FREED_BYTES ? Buffer.allocUnsafe(part.length) : Buffer.allocUnsafeSlow(part.length)
    copy.set(part)
    return ownChunk(copy)
  }

  /** Bytes that last until the next piece is asked for. */
  #take(count: number): Buffer {
    const taken = this.#piece.subarray(0, count)
    this.#piece = this.#piece.subarray(count)
    return taken
  }
}
