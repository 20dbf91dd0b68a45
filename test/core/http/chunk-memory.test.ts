import { describe, expect, it } from 'vitest'
import { freeChunk, ownChunk } from '../../../functions/core/http/chunk-memory.ts'

/** A chunk with memory of its own. */
const chunkOf = (size: number) => Buffer.from(new Uint8Array(size).fill(7).buffer)
const isWhole = (chunk: Buffer, size: number) => chunk.length === size && chunk.every((byte) => byte === 7)

describe('freeing a chunk', () => {
  it('gives its memory back, whoever still has the chunk', () => {
    const chunk = ownChunk(chunkOf(8192))
    const seen = Buffer.from(chunk.buffer)
    freeChunk(seen)
    expect([chunk.length, seen.length]).toEqual([0, 0])
  })

  it('twice does no harm', () => {
    const chunk = ownChunk(chunkOf(8192))
    freeChunk(chunk)
    expect(() => freeChunk(chunk)).not.toThrow()
  })

  it.each([
    ['its beginning', (chunk: Buffer) => chunk.subarray(0, -1)],
    ['its end', (chunk: Buffer) => chunk.subarray(1)],
    ['nothing', (chunk: Buffer) => chunk.subarray(0, 0)],
  ])('leaves it alone when only %s is given', (_, part) => {
    const chunk = ownChunk(chunkOf(8192))
    freeChunk(part(chunk))
    expect(isWhole(chunk, 8192)).toBe(true)
  })

  it('leaves memory alone of which nobody said that it is the taker’s', () => {
    const chunk = chunkOf(8192)
    freeChunk(chunk)
    expect(isWhole(chunk, 8192)).toBe(true)
  })

  it('leaves memory alone of which only a part was said to be the taker’s', () => {
    const chunk = chunkOf(8192)
    ownChunk(chunk.subarray(1))
    freeChunk(chunk)
    expect(isWhole(chunk, 8192)).toBe(true)
  })
})
