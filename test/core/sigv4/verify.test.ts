import { describe, expect, it } from 'vitest'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { queryRefusal, SignatureRefusal, s3Refusal } from '../../../functions/core/sigv4/refusal.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'
import { presign, type RequestToSign, type SignedRequest, signRequest } from '../../support/sign.ts'

const NOW = Date.UTC(2026, 0, 31, 12)
const MINUTES = 60_000
const SECRET = 'the-secret'
const sts: RequestToSign = {
  method: 'POST',
  url: 'https://sts.example.com/',
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: SECRET,
  service: 'sts',
  region: 'us-east-1',
  now: NOW,
}
const get: RequestToSign = { ...sts, method: 'GET', body: '', url: 'https://h/?Action=GetCallerIdentity' }
const s3: RequestToSign = { ...get, url: 'https://h/bucket/key', service: 's3' }

function verify(
  request: SignedRequest,
  options: { service?: string; secret?: string; now?: number; body?: Buffer | 'streamed' } = {},
) {
  const unverified = parseSignature(request, { service: options.service ?? 'sts' })
  if (!unverified) throw new Error('unsigned')
  return verifySignature(unverified, options.secret ?? SECRET, {
    now: options.now ?? NOW,
    body: options.body ?? request.body,
  })
}
const refusal = (reason: string) => expect.objectContaining({ name: 'SignatureRefusal', reason })

/** What STS and S3 would answer. */
function answers(action: () => unknown) {
  try {
    action()
  } catch (error) {
    if (error instanceof SignatureRefusal) return { query: queryRefusal(error), s3: s3Refusal(error) }
    throw error
  }
  throw new Error('not refused')
}

describe('a header signature', () => {
  it('proves who signed, with which token, in which scope', () => {
    const verified = verify(signRequest({ ...sts, sessionToken: 'token' }))
    expect(verified).toMatchObject({
      kind: 'header',
      accessKeyId: 'AKIDEXAMPLE',
      sessionToken: 'token',
      scope: { date: '20260131', region: 'us-east-1', service: 'sts' },
      timestamp: NOW,
      payload: { mode: 'unstated' },
    })
    expect(JSON.stringify(verified)).not.toContain(SECRET)
  })

  it.each(['', 'US', 'eu-central-1'])('holds in region %j', (region) => {
    expect(verify(signRequest({ ...sts, region })).scope.region).toBe(region)
  })

  it('holds with the hash of the body stated, and only with the right one', () => {
    const signed = signRequest({ ...sts, contentSha256: true })
    expect(verify(signed).payload.mode).toBe('sha256')
    expect(() => verify({ ...signed, body: Buffer.from('Action=Other') })).toThrow(refusal('content-sha256-mismatch'))
    expect(() => verify(signRequest({ ...sts, contentSha256: '0'.repeat(64) }))).toThrow(
      refusal('content-sha256-mismatch'),
    )
  })

  it('does not hold with another secret, also after the right one was seen', () => {
    const signed = signRequest(sts)
    verify(signed)
    for (const secret of ['the-secres', '', `${SECRET} `]) {
      expect(() => verify(signed, { secret })).toThrow(refusal('signature-mismatch'))
    }
    verify(signed)
  })

  it('does not hold for a changed body, in the words of AWS', () => {
    const signed = signRequest(sts)
    expect(answers(() => verify({ ...signed, body: Buffer.from('Action=AssumeRole') }))).toEqual({
      query: {
        code: 'SignatureDoesNotMatch',
        message:
          'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      },
      s3: {
        code: 'SignatureDoesNotMatch',
        status: 403,
        message:
          'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      },
    })
  })

  it.each([
    ['15 minutes old', -15 * MINUTES],
    ['15 minutes early', 15 * MINUTES],
  ])('holds when it is %s', (_age, offset) => expect(verify(signRequest({ ...sts, now: NOW + offset }))).toBeDefined())

  it('does not hold a millisecond after its 15 minutes', () => {
    expect(answers(() => verify(signRequest({ ...sts, now: NOW - 15 * MINUTES }), { now: NOW + 1 }))).toEqual({
      query: {
        code: 'SignatureDoesNotMatch',
        message:
          'Signature expired: 20260131T114500Z is now earlier than 20260131T114500Z (20260131T120000Z - 15 min.)',
      },
      s3: {
        code: 'RequestTimeTooSkewed',
        status: 403,
        message: 'The difference between the request time and the current time is too large.',
      },
    })
  })

  it('does not hold a millisecond before its 15 minutes', () => {
    expect(answers(() => verify(signRequest({ ...sts, now: NOW + 16 * MINUTES }))).query.message).toBe(
      'Signature not yet current: 20260131T121600Z is still later than 20260131T121500Z (20260131T120000Z + 15 min.)',
    )
    expect(() => verify(signRequest({ ...sts, now: NOW + 15 * MINUTES }), { now: NOW - 1 })).toThrow(
      refusal('signature-not-yet-current'),
    )
  })

  it('holds over midnight', () => {
    const midnight = Date.UTC(2026, 1, 1)
    expect(verify(signRequest({ ...sts, now: midnight - 1_000 }), { now: midnight + 1_000 })).toBeDefined()
  })

  it('holds when a Date header carries the time', () => {
    const signed = signRequest({ ...sts, headers: { date: 'Sat, 31 Jan 2026 12:00:00 GMT' } })
    expect(verify(signed)).toBeDefined()
  })
})

describe('a presigned request', () => {
  it.each([
    [60, 0],
    [60, 15],
    [604_800, 15],
  ])('for STS (%i s) holds for 15 minutes, whatever it states: %i', (expires, minutes) => {
    expect(verify(presign({ ...get, expires }), { now: NOW + minutes * MINUTES })).toMatchObject({ kind: 'presigned' })
  })

  it.each([60, 604_800, null])('for STS (%s s) does not hold for longer', (expires) => {
    expect(answers(() => verify(presign({ ...get, expires }), { now: NOW + 15 * MINUTES + 1 })).query.message).toMatch(
      /^Signature expired: 20260131T120000Z is now earlier than/,
    )
  })

  it('for STS holds with its token in the query', () => {
    expect(verify(presign({ ...get, sessionToken: 'a/b+c==' })).sessionToken).toBe('a/b+c==')
  })

  it('for S3 holds for as long as it states', () => {
    const signed = presign({ ...s3, expires: 60 })
    expect(verify(signed, { service: 's3', now: NOW + 60_000 })).toMatchObject({ payload: { mode: 'unsigned' } })
    expect(answers(() => verify(signed, { service: 's3', now: NOW + 60_001 })).s3).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: 'Request has expired',
    })
    const week = presign({ ...s3, expires: 604_800 })
    expect(verify(week, { service: 's3', now: NOW + 604_800_000 })).toBeDefined()
    expect(() => verify(week, { service: 's3', now: NOW + 604_800_001 })).toThrow(refusal('signature-expired'))
  })

  it('for S3 holds 15 minutes early and no more', () => {
    const signed = presign(s3)
    expect(verify(signed, { service: 's3', now: NOW - 15 * MINUTES })).toBeDefined()
    expect(answers(() => verify(signed, { service: 's3', now: NOW - 15 * MINUTES - 1 })).s3.message).toBe(
      'Request is not valid yet',
    )
  })

  it.each(['GET', 'HEAD'])('of %s has no body', (method) => {
    const signed = presign({ ...get, method, body: 'x' })
    expect(() => verify(signed)).toThrow(refusal('presigned-body'))
  })

  it('of POST has the body that was signed', () => {
    const signed = presign(sts)
    expect(verify(signed)).toBeDefined()
    expect(() => verify({ ...signed, body: Buffer.from('x') })).toThrow(refusal('signature-mismatch'))
  })
})

describe('an S3 path', () => {
  const path = (sent: string, signedAs = sent) => {
    const signed = signRequest({ ...s3, url: `https://h${signedAs}` })
    return verify({ ...signed, path: sent }, { service: 's3', body: 'streamed' })
  }

  it.each([
    '/bucket/../b',
    '/bucket/a//b',
    '/bucket//lead',
    '/bucket/./x',
    '/bucket/a%20b',
    '/bucket/%E1%88%B4',
    '/bucket/A%CC%8A',
    '/bucket/%C3%85',
    '/bucket/%25',
    '/bucket/a%2Bb',
    "/bucket/!'()*",
    '/bucket/~',
    '/',
  ])('%s is proven as it was sent', (sent) => expect(path(sent)).toBeDefined())

  it.each([
    ['/bucket/a%2fb', '/bucket/a/b'],
    ['/bucket/%61', '/bucket/a'],
    ['/bucket/!', '/bucket/%21'],
    ['/bucket/a+b', '/bucket/a%2Bb'],
    ['/bucket/\u1234', '/bucket/%E1%88%B4'],
  ])('%s is the key that was signed as %s', (sent, signedAs) => expect(path(sent, signedAs)).toBeDefined())

  it.each([
    ['/bucket/a/../b', '/bucket/b'],
    ['/bucket/a//b', '/bucket/a/b'],
    ['/bucket/a+b', '/bucket/a%20b'],
    ['/bucket/A%CC%8A', '/bucket/%C3%85'],
    ['/bucket/a%252Fb', '/bucket/a%2Fb'],
  ])('%s is not the key that was signed as %s', (sent, signedAs) => {
    expect(() => path(sent, signedAs)).toThrow(refusal('signature-mismatch'))
  })

  it.each(['/bucket/%', '/bucket/%2', '/bucket/%zz', '/bucket/\ud800'])('%s is refused', (sent) => {
    expect(() => path(sent, '/bucket/a')).toThrow(refusal('uri-malformed'))
  })
})

describe('an S3 body', () => {
  it('is compared here when it is at hand, later when it is streamed', () => {
    const signed = signRequest({ ...s3, method: 'PUT', body: 'abc' })
    const other = Buffer.from('abd')
    expect(verify(signed, { service: 's3' })).toBeDefined()
    expect(() => verify(signed, { service: 's3', body: other })).toThrow(refusal('content-sha256-mismatch'))
    expect(verify(signed, { service: 's3', body: 'streamed' }).payload.mode).toBe('sha256')
  })

  it('may not be streamed to another service', () => {
    expect(() => verify(signRequest(sts), { body: 'streamed' })).toThrow(TypeError)
    expect(() => verify(signRequest({ ...sts, contentSha256: true }), { body: 'streamed' })).toThrow(TypeError)
  })
})

describe('a query string', () => {
  const query = (sent: string, signedAs = sent) => {
    const signed = signRequest({ ...get, url: `https://h/?${signedAs}` })
    return verify({ ...signed, rawQuery: sent })
  }

  it.each(['a=1&a=0', 'b&a', 'a=%20', 'a=+', 'a==', 'A=1&a=1&_=1', '%E1%88%B4=%F0%9F%98%80', "a=*()'!"])(
    '%s is proven',
    (sent) => expect(query(sent)).toBeDefined(),
  )

  it.each([
    ['a=+', 'a=%20'],
    ['b=1&a=1', 'a=1&b=1'],
    ['a', 'a='],
    ['%61=%62', 'a=b'],
  ])('%s means what was signed as %s', (sent, signedAs) => expect(query(sent, signedAs)).toBeDefined())

  it.each([
    ['a=+', 'a=%2B'],
    ['a=1', 'a=1&a=1'],
    ['a=%26b', 'a=&b'],
    ['a=1', 'A=1'],
  ])('%s is not what was signed as %s', (sent, signedAs) => {
    expect(() => query(sent, signedAs)).toThrow(refusal('signature-mismatch'))
  })
})

describe('a header value', () => {
  it('may gain and lose white space on the way, and nothing else', () => {
    const signed = signRequest({ ...sts, headers: { 'content-type': 'a;  b  c' } })
    const arriving = (value: string) => ({ ...signed, headers: { ...signed.headers, 'content-type': value } })
    expect(verify(arriving(' a; b c '))).toBeDefined()
    expect(verify(arriving('a;\r\n\tb c'))).toBeDefined()
    expect(() => verify(arriving('a; bc'))).toThrow(refusal('signature-mismatch'))
    expect(() => verify(arriving('a; b c\u00a0'))).toThrow(refusal('signature-mismatch'))
  })

  it('cannot bring a line of its own', () => {
    const signed = signRequest({ ...sts, headers: { a: '1', b: '2' } })
    const { b: _, ...headers } = signed.headers
    const authorization = (headers.authorization ?? '').replace('a;b;', 'a;')
    const unsigned = { ...signed, headers: { ...headers, a: '1\nb:2', authorization } }
    expect(() => verify(unsigned)).toThrow(refusal('signature-mismatch'))
  })
})
