import { CredentialRefusal } from '@daypass/core/authentication/refusal.ts'
import { ChecksumMismatch } from '@daypass/core/checksum/checksum.ts'
import { StsError } from '@daypass/core/errors.ts'
import { SignatureRefusal } from '@daypass/core/sigv4/refusal.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { S3Error } from '../../functions/s3/errors.ts'
import { ClientGone } from '../../functions/s3/port.ts'
import { describeRefusal } from '../../functions/s3/refusal.ts'
import { s3Service } from '../../functions/s3/service.ts'
import { type Gateway, startGateway } from './support/gateway.ts'
import { element, send } from './support/raw.ts'

describe('a failure', () => {
  it.each([
    [new S3Error('NoSuchKey'), 'NoSuchKey', 404],
    [new SignatureRefusal('signature-mismatch'), 'SignatureDoesNotMatch', 403],
    [new SignatureRefusal('signature-expired'), 'RequestTimeTooSkewed', 403],
    [new SignatureRefusal('signature-version-2'), 'InvalidRequest', 400],
    [new SignatureRefusal('content-sha256-mismatch'), 'XAmzContentSHA256Mismatch', 400],
    [new CredentialRefusal('unknown-key', ''), 'InvalidAccessKeyId', 403],
    [new CredentialRefusal('inactive-key', ''), 'InvalidAccessKeyId', 403],
    [new CredentialRefusal('invalid-token', ''), 'InvalidToken', 400],
    [new CredentialRefusal('revoked-session', ''), 'InvalidToken', 400],
    [new CredentialRefusal('expired-session', ''), 'ExpiredToken', 400],
    [new ChecksumMismatch('crc32'), 'BadDigest', 400],
    [new StoreUnavailable('throttled'), 'ServiceUnavailable', 503],
    [new StsError('AccessDenied', 'no'), 'AccessDenied', 403],
    [new StsError('ExpiredToken', 'no'), 'ExpiredToken', 400],
    [new StsError('InvalidClientTokenId', 'no'), 'InvalidAccessKeyId', 403],
    [new StsError('Throttling', 'no'), 'SlowDown', 503],
    [new StsError('MalformedPolicyDocument', 'no'), 'InternalError', 500],
    [new ClientGone(), 'RequestTimeout', 400],
    [new TypeError('a bug'), 'InternalError', 500],
  ])('%s is told as %s with status %i', (error, code, status) =>
    expect(describeRefusal(error)).toMatchObject({ code, status }),
  )
})

describe('an error answer', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway.close())

  it('has the shape of S3’s own', async () => {
    const { status, headers, body } = await send(gateway, { path: '/no-bucket/a%3Cb' })
    expect(status).toBe(404)
    expect(headers['content-type']).toBe('application/xml')
    const id = headers['x-amz-request-id']
    expect(body).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>no-bucket</BucketName><Resource>/no-bucket/a%3Cb</Resource><RequestId>${id}</RequestId><HostId>${headers['x-amz-id-2']}</HostId></Error>`,
    )
  })

  it('of a HEAD request has no body', async () => {
    const { status, body } = await gateway.service.handle({
      method: 'HEAD',
      rawPath: '/no-bucket',
      rawQuery: '',
      headers: {},
      sourceIp: '',
      secure: false,
      requestId: 'r-1',
      body: (async function* () {})(),
    })
    expect([status, body]).toEqual([404, undefined])
  })

  it.each([
    [
      'a wrong secret',
      {
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDALICE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
      },
      'AccessDenied',
    ],
    ['SigV2', { authorization: 'AWS AKIDALICE:c2ln' }, 'InvalidRequest'],
  ])('refuses %s', async (_flaw, headers) => {
    const { status, body } = await send(gateway, { path: '/', as: null, headers })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).not.toContain('alice-secret')
  })

  it('tells nothing of a fault of ours, which the log has', async () => {
    const errors: unknown[] = []
    const quiet = () => undefined
    const service = s3Service({
      authenticate: async () => {
        throw new Error('password=hunter2 at /srv/secret')
      },
      authenticateForm: async () => {
        throw new Error('password=hunter2')
      },
      now: () => Date.now(),
      bindPolicy: async () => ({ unknown: [] }),
      isAccount: async () => false,
      authorize: async () => ({ allowed: true }),
      buckets: gateway.buckets,
      objects: gateway.objects,
      log: { info: quiet, warn: quiet, error: (record) => void errors.push(record) },
    })
    const { status, body } = await service.handle({
      method: 'GET',
      rawPath: '/',
      rawQuery: '',
      headers: {},
      sourceIp: '',
      secure: false,
      requestId: 'r-1',
      body: (async function* () {})(),
    })
    expect(status).toBe(500)
    expect(body).not.toContain('hunter2')
    expect(errors).toEqual([expect.objectContaining({ requestId: 'r-1', error: expect.stringContaining('hunter2') })])
  })

  it('names the operation that is not built', async () => {
    const answer = await send(gateway, { method: 'POST', path: '/bkt/k?select' })
    expect([answer.status, element(answer, 'Message')]).toEqual([
      501,
      'The operation SelectObjectContent is not implemented.',
    ])
  })
})
