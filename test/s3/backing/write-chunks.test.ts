import { ownChunk } from '@daypass/core/http/chunk-memory.ts'
import { expect, it } from 'vitest'
import { writeChunks } from '../../../functions/s3/backing/embedded/write-chunks.ts'

/** A file that takes at most so many bytes at once, and how many chunks each write brought. */
function fileTaking(most: number) {
  const written: Buffer[] = []
  const writes: number[] = []
  const file = {
    async writev<T extends readonly NodeJS.ArrayBufferView[]>(buffers: T) {
      writes.push(buffers.length)
      const all = Buffer.concat(buffers.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength)))
      const taken = all.subarray(0, most)
      written.push(taken)
      return { bytesWritten: taken.length, buffers }
    },
  }
  return { file, writes, content: () => Buffer.concat(written) }
}

const chunkOf = (size: number, n: number) => ownChunk(Buffer.from(new Uint8Array(size).fill(n).buffer))
async function* contentOf(chunks: readonly Buffer[]) {
  yield* chunks
}

it.each([
  ['a file that takes all', Number.POSITIVE_INFINITY],
  ['a file that takes parts of chunks', 70_001],
  ['a file that takes whole chunks', 65_536],
])('%s gets every byte in order, and the memory of every chunk is given back', async (_which, most) => {
  const chunks = Array.from({ length: 11 }, (_, n) => chunkOf(n === 5 ? 9 : 65_536, n))
  const expected = Buffer.concat(chunks)
  const { file, content } = fileTaking(most)
  await writeChunks(file, contentOf(chunks))
  expect(content().equals(expected)).toBe(true)
  expect(chunks.filter(({ length }) => length > 0)).toEqual([])
})

it('chunks wait for each other, but not for more than 256 KiB and not for more than 64', async () => {
  const large = fileTaking(Number.POSITIVE_INFINITY)
  await writeChunks(large.file, contentOf(Array.from({ length: 10 }, (_, n) => chunkOf(65_536, n))))
  expect(large.writes).toEqual([4, 4, 2])
  const small = fileTaking(Number.POSITIVE_INFINITY)
  await writeChunks(small.file, contentOf(Array.from({ length: 130 }, (_, n) => chunkOf(1, n))))
  expect(small.writes).toEqual([64, 64, 2])
})

it('no chunk is freed before it is written', async () => {
  const chunks = [chunkOf(65_536, 1), chunkOf(65_536, 2)]
  const failing = async () => {
    throw new Error('the disk is full')
  }
  await expect(writeChunks({ writev: failing }, contentOf(chunks))).rejects.toThrow('full')
  expect(chunks.map(({ length }) => length)).toEqual([65_536, 65_536])
})

it('nothing is written of an empty content', async () => {
  const { file, writes } = fileTaking(1)
  await writeChunks(file, contentOf([]))
  expect(writes).toEqual([])
})
