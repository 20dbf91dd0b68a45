import { Readable } from 'node:stream'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { verifiedContent } from '../../../functions/core/sigv4/content.ts'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'to/ke+n==' }

interface Sent {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Record<string, string>
  readonly body: Buffer
}

interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

/** Settings under which a client signs, hands the request over and sends nothing. */
function capturing(region: string) {
  const sent: Sent[] = []
  const requestHandler = {
    async handle(request: SdkRequest): Promise<never> {
      const { method, path, query, headers, body = '' } = request
      const whole =
        typeof body === 'string' || body instanceof Uint8Array
          ? Buffer.from(body)
          : Buffer.concat(await Array.fromAsync(body))
      sent.push({
        method,
        path,
        rawQuery: Object.entries(query)
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value ?? ''))}`)
          .join('&'),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        body: whole,
      })
      throw new Error('captured')
    },
  }
  const quiet = () => undefined
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const settings = { region, credentials, requestHandler, logger, maxAttempts: 1, endpoint: 'http://127.0.0.1:9500' }
  return { settings, sent }
}

async function capture(
  region: string,
  send: (settings: ReturnType<typeof capturing>['settings']) => Promise<unknown>,
): Promise<Sent> {
  const { settings, sent } = capturing(region)
  await expect(send(settings)).rejects.toThrow('captured')
  const [request] = sent
  if (!request) throw new Error('nothing was sent')
  return request
}

function parse(request: Sent, service: string) {
  const unverified = parseSignature(request, { service })
  if (!unverified) throw new Error('unsigned')
  return unverified
}

describe('what the JavaScript SDK signs for STS and IAM', () => {
  it.each(['us-east-1', 'aws-global'])('is proven in region %s', async (region) => {
    const request = await capture(region, (settings) =>
      new STSClient(settings).send(
        new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/a', RoleSessionName: 's' }),
      ),
    )
    const unverified = parse(request, 'sts')
    expect(unverified.signedHeaders).toEqual(
      expect.arrayContaining([
        'amz-sdk-invocation-id',
        'amz-sdk-request',
        'content-length',
        'content-type',
        'host',
        'x-amz-content-sha256',
        'x-amz-date',
        'x-amz-security-token',
        'x-amz-user-agent',
      ]),
    )
    const options = { now: unverified.timestamp, body: request.body }
    expect(verifySignature(unverified, credentials.secretAccessKey, options)).toMatchObject({
      accessKeyId: 'ASIAEXAMPLE',
      sessionToken: 'to/ke+n==',
    })
    expect(() => verifySignature(unverified, 'other', options)).toThrow(
      expect.objectContaining({ reason: 'signature-mismatch' }),
    )
  })

  it('is proven for IAM, whose service it names', async () => {
    const request = await capture('us-east-1', (settings) =>
      new IAMClient(settings).send(
        new CreateRoleCommand({ RoleName: 'a', AssumeRolePolicyDocument: '{"é": "\u{1f600}"}' }),
      ),
    )
    const unverified = parse(request, 'iam')
    expect(
      verifySignature(unverified, credentials.secretAccessKey, { now: unverified.timestamp, body: request.body }),
    ).toBeDefined()
    expect(() => parse(request, 'sts')).toThrow(expect.objectContaining({ reason: 'scope-service' }))
  })
})

describe('what the JavaScript SDK signs for S3', () => {
  const key = "dir//a b+c/!'()*~%2F/é\u{1f600}"
  const s3 = (settings: ReturnType<typeof capturing>['settings']) => new S3Client({ ...settings, forcePathStyle: true })

  it('is proven for any key', async () => {
    const request = await capture('us-east-1', (settings) =>
      s3(settings).send(new GetObjectCommand({ Bucket: 'bucket', Key: key, ResponseContentType: 'a b' })),
    )
    const unverified = parse(request, 's3')
    expect(
      verifySignature(unverified, credentials.secretAccessKey, { now: unverified.timestamp, body: 'streamed' }),
    ).toBeDefined()
  })

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is proven for a stream with a %s trailer, to its last byte',
    async (ChecksumAlgorithm) => {
      const content = Buffer.from('some content '.repeat(20_000))
      const request = await capture('us-east-1', (settings) =>
        s3({ ...settings, endpoint: 'https://127.0.0.1:9500' }).send(
          new PutObjectCommand({
            Bucket: 'bucket',
            Key: key,
            Body: Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]),
            ContentLength: content.length,
            ChecksumAlgorithm,
            Metadata: { a: 'b  c' },
          }),
        ),
      )
      const unverified = parse(request, 's3')
      expect(unverified.payload).toMatchObject({ literal: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })
      const verified = verifySignature(unverified, credentials.secretAccessKey, {
        now: unverified.timestamp,
        body: 'streamed',
      })
      const read = async (body: Buffer) =>
        Buffer.concat(await Array.fromAsync(verifiedContent(verified, request.headers, Readable.from([body]))))
      expect((await read(request.body)).equals(content)).toBe(true)
      const altered = Buffer.from(request.body)
      altered[1_000] = 0x58
      await expect(read(altered)).rejects.toMatchObject({ name: 'ChecksumMismatch' })
    },
  )
})
