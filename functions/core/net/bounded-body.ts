import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { FetchFailed } from './fetch-failed.ts'

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * The body of an answer, decoded, of at most `maxBytes` bytes both on the wire and after decompression; reading stops at
 * the limit, so a small answer that unpacks to a large one costs no more than the limit.
 */
export async function boundedBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined
  if (!decoder && encoding !== '' && encoding !== 'identity') {
    throw new FetchFailed('encoding', 'the answer has a content encoding other than gzip, deflate or br')
  }
  const chunks: Buffer[] = []
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of limited(source, maxBytes)) chunks.push(chunk)
  }
  if (decoder) await pipeline(response, (wire: AsyncIterable<Buffer>) => limited(wire, maxBytes), decoder, collect)
  else await pipeline(response, collect)
  return Buffer.concat(chunks)
}

async function* limited(source: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of source) {
    total += chunk.length
    if (total > maxBytes) throw new FetchFailed('size', `the answer is larger than ${maxBytes} bytes`)
    yield chunk
  }
}
