import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SIGNED_CHUNK_BYTES } from '../../../functions/core/sigv4/chunked.ts'
import { anonymousContent, verifiedContent } from '../../../functions/core/sigv4/content.ts'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'
import { type SignedRequest, signedChunks, signRequest, unsignedChunks } from '../../support/sign.ts'

const NOW = Date.UTC(2013, 4, 24)
// AWS's published example key, with which its documentation's signatures are made.
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const CRC32C_OF_EXAMPLE = 'sOO8/Q=='

function put(contentSha256: string, headers: Record<string, string> = {}) {
  return signRequest({
    method: 'PUT',
    url: 'https://s3.amazonaws.com/examplebucket/chunkObject.txt',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: SECRET,
    service: 's3',
    region: 'us-east-1',
    now: NOW,
    contentSha256,
    headers,
  })
}

async function* inPieces(body: Uint8Array, size = body.length || 1) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
}

async function read(request: SignedRequest, body: Uint8Array, size?: number) {
  const unverified = parseSignature(request, { service: 's3' })
  if (!unverified) throw new Error('unsigned')
  const verified = verifySignature(unverified, SECRET, { now: NOW, body: 'streamed' })
  const content = verifiedContent(verified, request.headers, inPieces(body, size))
  const bytes: Uint8Array[] = []
  const seen = { bytes, trailers: content.trailers, decodedLength: content.decodedLength }
  try {
    for await (const piece of content) bytes.push(Buffer.from(piece))
  } catch (error) {
    throw Object.assign(error as Error, { given: Buffer.concat(bytes).length })
  }
  return { ...seen, text: Buffer.concat(bytes).toString() }
}

const refusal = (reason: string) => expect.objectContaining({ reason })
const example = ['a'.repeat(65_536), 'a'.repeat(1_024)]

describe('signed chunks', () => {
  const request = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {
    'content-encoding': 'aws-chunked',
    'content-length': '66824',
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  })
  const body = signedChunks(request, SECRET, example)

  it("are those of AWS's example", () => {
    expect(request.headers.authorization).toContain('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
    const signatures = [...body.toString('latin1').matchAll(/chunk-signature=(\w{64})/g)].map((match) => match[1])
    expect(signatures).toEqual([
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ])
    expect(body).toHaveLength(66_824)
  })

  it.each([undefined, 1, 7, 1_000, 65_540])('are read when they arrive in pieces of %s bytes', async (size) => {
    const { text, decodedLength } = await read(request, body, size)
    expect(text).toBe(example.join(''))
    expect(decodedLength).toBe(66_560)
  })

  it('give nothing of a chunk that was altered, nor of any later one', async () => {
    const first = Buffer.from(body)
    first[200] = 0x62
    await expect(read(request, first)).rejects.toMatchObject({ reason: 'chunk-signature-mismatch', given: 0 })
    const second = Buffer.from(body)
    second[65_536 + 300] = 0x62
    await expect(read(request, second)).rejects.toMatchObject({ reason: 'chunk-signature-mismatch', given: 65_536 })
  })

  const text = body.toString('latin1')
  const lastChunk = text.lastIndexOf('0;chunk-signature')
  const swapped = signedChunks(request, SECRET, example.toReversed())
  it.each([
    ['end before the last chunk', text.slice(0, lastChunk), 'body-incomplete'],
    ['end within a chunk', text.slice(0, 1_000), 'body-incomplete'],
    ['end within a chunk line', text.slice(0, 20), 'body-incomplete'],
    ['are empty', '', 'body-incomplete'],
    ['miss a chunk', text.slice(0, 65_536 + 90) + text.slice(lastChunk), 'chunk-signature-mismatch'],
    ['skip the first chunk', text.slice(65_536 + 90), 'chunk-signature-mismatch'],
    ['have a forged last chunk', text.replace('b6c6ea8a', 'b6c6ea8b'), 'chunk-signature-mismatch'],
    ['have no signature', text.replace(/;chunk-signature=\w+/, ''), 'chunk-malformed'],
    ['have a short signature', text.replace('ad80c730', 'ad80'), 'chunk-malformed'],
    ['have another extension', text.replace(';chunk', ';x=1;chunk'), 'chunk-malformed'],
    ['have a size that is no number', `-1${text.slice(5)}`, 'chunk-malformed'],
    ['have a line too long', `${'0'.repeat(200)}${text}`, 'chunk-malformed'],
    ['end their lines in LF', text.replace('\r\n', '\n'), 'chunk-malformed'],
    ['hold more than was announced', text.replace('10000;', '10401;'), 'body-incomplete'],
    ['go on after their end', `${text}x`, 'trailer-malformed'],
    [
      'bring a trailer that was not announced',
      `${text}x-amz-checksum-crc32c:${CRC32C_OF_EXAMPLE}\r\n`,
      'trailer-malformed',
    ],
  ])('are refused when they %s', async (_flaw, altered, reason) => {
    await expect(read(request, Buffer.from(altered, 'latin1')).then(() => 'read')).rejects.toThrow(refusal(reason))
  })

  it('may come in the order in which they were signed and no other', async () => {
    await expect(read(request, swapped)).resolves.toMatchObject({ text: example.toReversed().join('') })
    const chunks = swapped.toString('latin1').split(/(?<=\r\n)(?=[0-9a-f]+;chunk-signature)/)
    const [a = '', b = '', end = ''] = chunks.length === 3 ? chunks : []
    await expect(read(request, Buffer.from(`${b}${a}${end}`, 'latin1'))).rejects.toThrow(
      refusal('chunk-signature-mismatch'),
    )
  })

  it.each([
    ['more', '66561'],
    ['less', '66559'],
  ])('are refused when %s was announced', async (_direction, length) => {
    const other = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'x-amz-decoded-content-length': length })
    await expect(read(other, signedChunks(other, SECRET, example))).rejects.toThrow(refusal('body-incomplete'))
  })

  it.each([undefined, '', '-1', '1e3', '0x10'])('are refused when the decoded length is %s', async (length) => {
    const other = put(
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      length === undefined ? {} : { 'x-amz-decoded-content-length': length },
    )
    await expect(read(other, signedChunks(other, SECRET, example))).rejects.toThrow(refusal('decoded-length-missing'))
  })

  it('are refused when one is larger than may be held back, before its bytes are read', async () => {
    const size = MAX_SIGNED_CHUNK_BYTES + 1
    const other = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'x-amz-decoded-content-length': String(size) })
    const line = Buffer.from(`${size.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n`)
    await expect(read(other, line)).rejects.toThrow(refusal('chunk-too-large'))
  })

  it('need no trailer when one is announced but their form has none', async () => {
    const other = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {
      'x-amz-decoded-content-length': '3',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    })
    await expect(read(other, signedChunks(other, SECRET, ['abc']))).resolves.toMatchObject({ text: 'abc' })
  })

  it('are not exchangeable between requests', async () => {
    const other = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'x-amz-decoded-content-length': '66560' })
    await expect(read(other, body)).rejects.toThrow(refusal('chunk-signature-mismatch'))
  })
})

describe('signed chunks with a trailer', () => {
  const request = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-trailer': 'x-amz-checksum-crc32c',
  })
  const body = signedChunks(request, SECRET, example, { 'x-amz-checksum-crc32c': CRC32C_OF_EXAMPLE })
  const text = body.toString('latin1')
  const trailer = `x-amz-checksum-crc32c:${CRC32C_OF_EXAMPLE}\r\n`

  it("are those of AWS's example", () => {
    expect(request.headers.authorization).toContain('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e')
    expect(text).toContain('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992')
    expect(text).toContain('x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435')
  })

  it('are read, and the trailer is known at the end', async () => {
    const { text: content, trailers } = await read(request, body, 999)
    expect(content).toBe(example.join(''))
    expect([...trailers]).toEqual([['x-amz-checksum-crc32c', CRC32C_OF_EXAMPLE]])
  })

  it("are read in minio-go's form, whose trailer ends in LF CR LF", async () => {
    await expect(
      read(request, Buffer.from(text.replace(trailer, trailer.replace('\r\n', '\n\r\n')), 'latin1')),
    ).resolves.toMatchObject({ text: example.join('') })
  })

  it.each([
    ['is altered', text.replace(CRC32C_OF_EXAMPLE, 'sOO8/A=='), 'chunk-signature-mismatch'],
    ['is missing', text.replace(trailer, ''), 'trailer-malformed'],
    ['comes twice', text.replace(trailer, trailer + trailer), 'trailer-malformed'],
    ['has no signature', text.replace(/x-amz-trailer-signature.*\r\n/, ''), 'trailer-malformed'],
    ['has a short signature', text.replace(/(x-amz-trailer-signature:..).*\r\n/, '$1\r\n'), 'chunk-signature-mismatch'],
    ['follows its signature', `${text.replace(trailer, '').trimEnd()}\r\n${trailer}\r\n`, 'trailer-malformed'],
    ['has company', text.replace(trailer, `${trailer}x-amz-meta-a:b\r\n`), 'trailer-malformed'],
    ['has no colon', text.replace(trailer, 'x-amz-checksum-crc32c\r\n'), 'trailer-malformed'],
    ['is too long', text + '\r\n'.repeat(5_000), 'trailer-malformed'],
  ])('are refused when it %s', async (_flaw, altered, reason) => {
    await expect(read(request, Buffer.from(altered, 'latin1')).then(() => 'read')).rejects.toThrow(refusal(reason))
  })

  it('are refused when the checksum that was signed is wrong', async () => {
    const wrong = signedChunks(request, SECRET, example, { 'x-amz-checksum-crc32c': 'sOO8/A==' })
    await expect(read(request, wrong)).rejects.toMatchObject({ name: 'ChecksumMismatch', algorithm: 'crc32c' })
  })
})

describe('unsigned chunks with a trailer', () => {
  const request = put('STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
    'x-amz-decoded-content-length': '9',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  })
  const crc32 = { 'x-amz-checksum-crc32': 'y/Q5Jg==' }

  it.each([undefined, 1, 5])('are read when they arrive in pieces of %s bytes', async (size) => {
    const { text, trailers } = await read(request, unsignedChunks(['1234', '56789'], crc32), size)
    expect(text).toBe('123456789')
    expect(trailers.get('x-amz-checksum-crc32')).toBe('y/Q5Jg==')
  })

  it.each([
    ['another byte', unsignedChunks(['1234', '56788'], crc32), 'ChecksumMismatch'],
    ['another checksum', unsignedChunks(['1234', '56789'], { 'x-amz-checksum-crc32': 'y/Q5Jw==' }), 'ChecksumMismatch'],
    ['no trailer', unsignedChunks(['123456789'], {}), 'SignatureRefusal'],
    ['another trailer', unsignedChunks(['123456789'], { 'x-amz-checksum-crc32c': '4waSgw==' }), 'SignatureRefusal'],
    [
      'a trailer signature',
      unsignedChunks(['123456789'], { ...crc32, 'x-amz-trailer-signature': 'ab' }),
      'SignatureRefusal',
    ],
    [
      'a chunk signature',
      Buffer.from(`9;chunk-signature=${'0'.repeat(64)}\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n`),
      'SignatureRefusal',
    ],
    [
      'a chunk without its line end',
      Buffer.from('9\r\n123456789x\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n'),
      'SignatureRefusal',
    ],
    ['too few bytes', unsignedChunks(['1234'], crc32), 'SignatureRefusal'],
    ['too many bytes', unsignedChunks(['123456789', '0'], crc32), 'SignatureRefusal'],
  ])('are refused with %s', async (_flaw, body, name) => {
    await expect(read(request, body)).rejects.toMatchObject({ name })
  })

  it('may announce no trailer and bring none', async () => {
    const bare = put('STREAMING-UNSIGNED-PAYLOAD-TRAILER', { 'x-amz-decoded-content-length': '1' })
    await expect(read(bare, Buffer.from('1\r\na\r\n0\r\n'))).resolves.toMatchObject({ text: 'a' })
  })

  it('are read however content is cut into chunks and chunks into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (chunks, size) => {
          const total = String(Buffer.concat(chunks).length)
          const signed = put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'x-amz-decoded-content-length': total })
          const { bytes } = await read(signed, signedChunks(signed, SECRET, chunks), size)
          expect(Buffer.concat(bytes).equals(Buffer.concat(chunks))).toBe(true)
          const unsigned = put('STREAMING-UNSIGNED-PAYLOAD-TRAILER', { 'x-amz-decoded-content-length': total })
          const second = await read(unsigned, unsignedChunks(chunks, {}), size)
          expect(Buffer.concat(second.bytes).equals(Buffer.concat(chunks))).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('a body in one piece', () => {
  const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

  it('is read when it has the hash that was signed', async () => {
    await expect(read(put(SHA256_OF_ABC), Buffer.from('abc'), 2)).resolves.toMatchObject({ text: 'abc' })
  })

  it.each(['abd', 'ab', 'abcd', ''])('is refused at its end when it is %j', async (body) => {
    await expect(read(put(SHA256_OF_ABC), Buffer.from(body))).rejects.toThrow(refusal('content-sha256-mismatch'))
  })

  it('is read as it is when it was left unsigned', async () => {
    await expect(read(put('UNSIGNED-PAYLOAD'), Buffer.from('anything'))).resolves.toMatchObject({ text: 'anything' })
  })
})

describe('a body without a signature', () => {
  const readAnonymous = async (headers: Record<string, string>, body: Buffer) =>
    Buffer.concat(await Array.fromAsync(anonymousContent(headers, inPieces(body)))).toString()

  it('is read as it is, by its hash, or in unsigned chunks', async () => {
    expect(await readAnonymous({}, Buffer.from('abc'))).toBe('abc')
    const chunked = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '3',
    }
    expect(await readAnonymous(chunked, unsignedChunks(['abc'], {}))).toBe('abc')
  })

  it.each([
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'payload-not-signed'],
    ['abc', 'content-sha256-malformed'],
    ['0'.repeat(64), 'content-sha256-mismatch'],
  ])('is refused with x-amz-content-sha256 %s', async (stated, reason) => {
    await expect(readAnonymous({ 'x-amz-content-sha256': stated }, Buffer.from('abc'))).rejects.toThrow(refusal(reason))
  })
})

it('lets go of the source when a chunk is refused', async () => {
  let ended = false
  async function* source() {
    try {
      yield Buffer.from('zz\r\n')
      yield Buffer.from('never')
    } finally {
      ended = true
    }
  }
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '3' }
  await expect(Array.fromAsync(anonymousContent(headers, source()))).rejects.toThrow(refusal('chunk-malformed'))
  expect(ended).toBe(true)
})

it('stops reading a chunk line that does not end', async () => {
  let pulled = 0
  async function* source() {
    for (; pulled < 1_000; pulled++) yield Buffer.from('0'.repeat(100))
  }
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '3' }
  await expect(Array.fromAsync(anonymousContent(headers, source()))).rejects.toThrow(refusal('chunk-malformed'))
  expect(pulled).toBeLessThan(3)
})
