import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
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
  const collect = async (source: Readable) => {
    for await (const chunk of limited(source, maxBytes)) chunks.push(chunk)
  }
  const wire = (source: Readable) => limited(source, maxBytes)
  await (decoder ? pipeline(response, wire, decoder, collect) : pipeline(response, collect))
  return Buffer.concat(chunks)
}

async function* limited(source: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    total += chunk.length
    if (total > maxBytes) throw new FetchFailed('size', `the answer is larger than ${maxBytes} bytes`)
    yield chunk
  }
}
