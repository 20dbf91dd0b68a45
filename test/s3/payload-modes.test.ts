import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, startChecksum } from '@daypass/core/checksum/checksum.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SignedRequest, signedChunks, signRequest, unsignedChunks } from '../support/sign.ts'
import { BACKINGS } from './support/backings.ts'
import { type Gateway, KEYS } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const CONTENT = ['a'.repeat(70_000), 'b'.repeat(500)]
const WHOLE = CONTENT.join('')
const SECRET = KEYS.AKIDALICE.secretAccessKey

const checksum = (algorithm: ChecksumAlgorithm, content: string) => {
  const running = startChecksum(algorithm)
  running.update(Buffer.from(content))
  return running.digest()
}

type Frame = (signed: SignedRequest) => Buffer

/** How each mode frames the content, and where its announced trailer is. */
const MODES: Readonly<Record<string, (algorithm: ChecksumAlgorithm) => Frame>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': () => (signed) => signedChunks(signed, SECRET, CONTENT),
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': (algorithm) => (signed) =>
    signedChunks(signed, SECRET, CONTENT, { [`x-amz-checksum-${algorithm}`]: checksum(algorithm, WHOLE) }),
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': (algorithm) => () =>
    unsignedChunks(CONTENT, { [`x-amz-checksum-${algorithm}`]: checksum(algorithm, WHOLE) }),
}

describe.each(BACKINGS)('an upload to %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  let id: string
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    await send(gateway, { method: 'PUT', path: '/bkt' })
    id = element(await send(gateway, { method: 'POST', path: '/bkt/parts?uploads' }), 'UploadId') ?? ''
  })
  afterAll(() => end())

  /** The head of an upload whose body is framed by this mode. */
  const headOf = (path: string, mode: string, headers: Readonly<Record<string, string>> = {}) =>
    signRequest({
      method: 'PUT',
      url: gateway.endpoint + path,
      service: 's3',
      region: 'us-east-1',
      now: Date.now(),
      accessKeyId: 'AKIDALICE',
      secretAccessKey: SECRET,
      contentSha256: mode,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(WHOLE.length),
        ...headers,
      },
    })

  /** Sends a framed body, tampered with on its way. */
  async function upload(
    path: string,
    mode: string,
    frame: Frame,
    { tamper = (body: Buffer) => body, headers = {} as Record<string, string>, trailer = '' } = {},
  ): Promise<RawAnswer> {
    const signed = headOf(path, mode, { ...(trailer && { 'x-amz-trailer': trailer }), ...headers })
    const body = tamper(frame(signed))
    const { hostname, port } = new URL(gateway.endpoint)
    const sent = { ...signed.headers, 'content-length': String(body.length) }
    const outgoing = request({ method: 'PUT', hostname, port, path, headers: sent, agent: false })
    outgoing.end(body)
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const pieces = await Array.fromAsync(incoming as AsyncIterable<Buffer>)
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(pieces).toString() }
  }
  const trailerOf = (mode: string, algorithm: ChecksumAlgorithm) =>
    mode.endsWith('TRAILER') ? { trailer: `x-amz-checksum-${algorithm}` } : {}

  it.each(Object.keys(MODES))('by %s arrives whole, as an object and as a part', async (mode) => {
    const frame = MODES[mode]?.('crc32') ?? expect.fail()
    expect((await upload('/bkt/k', mode, frame, trailerOf(mode, 'crc32'))).status).toBe(200)
    expect((await send(gateway, { path: '/bkt/k' })).body).toBe(WHOLE)
    const part = await upload(`/bkt/parts?partNumber=1&uploadId=${id}`, mode, frame, trailerOf(mode, 'crc32'))
    expect(part.status).toBe(200)
  })

  it.each(CHECKSUM_ALGORITHMS.filter((each) => each !== 'md5' && each !== 'sha512'))(
    'keeps its %s, from a trailer and from a header',
    async (algorithm) => {
      const mode = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
      const frame = MODES[mode]?.(algorithm) ?? expect.fail()
      const name = `x-amz-checksum-${algorithm}`
      await upload('/bkt/trailing', mode, frame, trailerOf(mode, algorithm))
      const headers = { [name]: checksum(algorithm, WHOLE) }
      await send(gateway, { method: 'PUT', path: '/bkt/leading', body: WHOLE, headers })
      for (const key of ['trailing', 'leading']) {
        const got = await send(gateway, {
          method: 'HEAD',
          path: `/bkt/${key}`,
          headers: { 'x-amz-checksum-mode': 'ENABLED' },
        })
        expect(got.headers[name]).toBe(checksum(algorithm, WHOLE))
      }
      const wrong = { [name]: checksum(algorithm, 'other') }
      const refused = await send(gateway, { method: 'PUT', path: '/bkt/leading', body: WHOLE, headers: wrong })
      expect([refused.status, element(refused, 'Code')]).toEqual([400, 'BadDigest'])
    },
  )

  const flip = (at: number) => (body: Buffer) => {
    const altered = Buffer.from(body)
    altered[at < 0 ? body.length + at : at] = (altered.at(at) ?? 0) ^ 1
    return altered
  }
  const cut = (count: number) => (body: Buffer) => body.subarray(0, body.length - count)
  it.each<[string, string, (body: Buffer) => Buffer, readonly string[]]>([
    ...Object.keys(MODES).flatMap((mode): [string, string, (body: Buffer) => Buffer, readonly string[]][] => {
      const altered = mode.startsWith('STREAMING-UNSIGNED') ? ['BadDigest'] : ['SignatureDoesNotMatch']
      return [
        [mode, 'its first chunk is altered', flip(200), altered],
        [mode, 'its last chunk is altered', (body) => flip(body.lastIndexOf('b'.repeat(500)) + 3)(body), altered],
        [
          mode,
          'its end is missing',
          cut(120),
          ['IncompleteBody', 'MalformedTrailerError', 'InvalidRequest', 'InvalidChunk'],
        ],
      ]
    }),
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'its trailing signature is altered',
      flip(-5),
      ['SignatureDoesNotMatch'],
    ],
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'its trailing checksum is altered',
      (body) => flip(body.indexOf('x-amz-checksum-crc32:') + 22)(body),
      ['SignatureDoesNotMatch', 'BadDigest'],
    ],
  ])('by %s is refused when %s, and nothing of it stays', async (mode, _flaw, tamper, codes) => {
    const frame = MODES[mode]?.('crc32') ?? expect.fail()
    await send(gateway, { method: 'PUT', path: '/bkt/kept', body: 'old' })
    const answer = await upload('/bkt/kept', mode, frame, { tamper, ...trailerOf(mode, 'crc32') })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(codes).toContain(element(answer, 'Code'))
    expect((await send(gateway, { path: '/bkt/kept' })).body).toBe('old')
    expect((await send(gateway, { method: 'HEAD', path: '/bkt/kept' })).headers['content-length']).toBe('3')

    const part = await upload(`/bkt/parts?partNumber=9&uploadId=${id}`, mode, frame, {
      tamper,
      ...trailerOf(mode, 'crc32'),
    })
    expect(part.status).toBeGreaterThanOrEqual(400)
    const listed = await send(gateway, { path: `/bkt/parts?uploadId=${id}` })
    expect(listed.body).not.toContain('<PartNumber>9')
    const left = await readdir(gateway.folder, { recursive: true })
    expect(left.filter((name) => name.startsWith('incoming/'))).toEqual([])
  })

  const CHUNK = 1000 + `3e8;chunk-signature=${'0'.repeat(64)}\r\n\r\n`.length
  const chunk = (body: Buffer, index: number) => body.subarray(index * CHUNK, (index + 1) * CHUNK)
  const last = (body: Buffer) => body.subarray(2 * CHUNK)
  it.each<[string, (body: Buffer, other: Buffer) => Buffer, size: number]>([
    ['its chunks swap places', (body) => Buffer.concat([chunk(body, 1), chunk(body, 0), last(body)]), 2000],
    ['a chunk is left out', (body) => Buffer.concat([chunk(body, 0), last(body)]), 1000],
    ['a chunk comes twice', (body) => Buffer.concat([chunk(body, 0), chunk(body, 0), last(body)]), 2000],
    [
      'a chunk more follows',
      (body) => Buffer.concat([chunk(body, 0), chunk(body, 1), chunk(body, 1), last(body)]),
      3000,
    ],
    [
      'a chunk is another request’s',
      (body, other) => Buffer.concat([chunk(body, 0), chunk(other, 1), last(body)]),
      2000,
    ],
    ['all of it is another request’s', (_body, other) => other, 2000],
    ['its last chunk comes before the others', (body) => Buffer.concat([last(body), body]), 0],
  ])('is refused when %s', async (_flaw, tamper, size) => {
    const mode = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
    const pieces = ['a'.repeat(1000), 'b'.repeat(1000)]
    const tampered: Frame = (signed) =>
      tamper(signedChunks(signed, SECRET, pieces), signedChunks(headOf('/bkt/other', mode), SECRET, pieces))
    const headers = { 'x-amz-decoded-content-length': String(size) }
    const answer = await upload('/bkt/tampered', mode, tampered, { headers })
    expect([answer.status, element(answer, 'Code')]).toEqual([403, 'SignatureDoesNotMatch'])
    expect((await send(gateway, { method: 'HEAD', path: '/bkt/tampered' })).status).toBe(404)
  })
})
