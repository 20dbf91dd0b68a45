import { describe, expect, it } from 'vitest'
import { freeChunk, ownChunk } from '../../../functions/core/http/chunk-memory.ts'
import { verifiedContent } from '../../../functions/core/sigv4/content.ts'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'
import { signedChunks, signRequest, unsignedChunks } from '../../support/sign.ts'

const NOW = Date.UTC(2026, 0, 2)
const SECRET = 'secret'
/** Frames that end within pieces, with them, and that hold several. */
const FRAMES = [20_000, 5_000, 100_000, 1, 65_536].map((size, n) => String.fromCharCode(97 + n).repeat(size))
const TEXT = FRAMES.join('')

function upload(mode: 'signed' | 'unsigned') {
  const request = signRequest({
    method: 'PUT',
    url: 'https://s3.test/bkt/k',
    accessKeyId: 'AKID',
    secretAccessKey: SECRET,
    service: 's3',
    region: 'us-east-1',
    now: NOW,
    contentSha256: mode === 'signed' ? 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    headers: { 'x-amz-decoded-content-length': String(TEXT.length) },
  })
  const body = mode === 'signed' ? signedChunks(request, SECRET, FRAMES) : unsignedChunks(FRAMES, {})
  /** The content of the body that comes in pieces which are their taker's alone. */
  const contentOf = (size: number) => {
    const pieces = Array.from({ length: Math.ceil(body.length / size) }, (_, n) => {
      const piece = Buffer.alloc(Math.min(size, body.length - n * size))
      body.copy(piece, 0, n * size)
      return ownChunk(piece)
    })
    const claimed = parseSignature(request, { service: 's3' }) ?? expect.fail('unsigned')
    const verified = verifySignature(claimed, SECRET, { now: NOW, body: 'streamed' })
    const source = async function* () {
      yield* pieces
    }
    return { pieces, content: verifiedContent(verified, request.headers, source()) }
  }
  return contentOf
}

describe.each(['signed', 'unsigned'] as const)('content in %s chunks', (mode) => {
  const contentOf = upload(mode)
  const sizes = [4_096, 5_000, 20_006, 65_536, 1_000_000]

  it.each(sizes)(
    'lasts as long as whoever took it wants, however the body’s pieces of %i bytes are freed',
    async (size) => {
      const { content, pieces } = contentOf(size)
      const taken = await Array.fromAsync(content, (bytes) => bytes as Buffer)
      expect(Buffer.concat(taken).toString('latin1')).toBe(TEXT)
      for (const each of taken) freeChunk(each)
      // All memory was given back: of small pieces that share some, none could be.
      expect(taken.filter(({ length }) => length >= 4_096)).toEqual([])
      expect(pieces.filter(({ length }) => length > 0)).toEqual([])
    },
  )

  it.each(sizes)('comes whole in pieces of %i bytes when each is freed once it was looked at', async (size) => {
    let text = ''
    for await (const bytes of contentOf(size).content) {
      text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      freeChunk(bytes as Buffer)
    }
    expect(text).toBe(TEXT)
  })

  it('frees what it holds when no more is wanted', async () => {
    const { content, pieces } = contentOf(1_000_000)
    for await (const bytes of content) {
      expect(bytes.length).toBeGreaterThan(0)
      break
    }
    expect(pieces.filter(({ length }) => length > 0)).toEqual([])
  })
})
