import { describe, expect, it } from 'vitest'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { presign, type RequestToSign, type SignedRequest, signRequest } from '../../support/sign.ts'

const sts: RequestToSign = {
  method: 'POST',
  url: 'https://sts.example.com/?Action=GetCallerIdentity&Version=2011-06-15',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  service: 'sts',
  region: 'us-east-1',
  now: Date.UTC(2026, 0, 31, 12),
}
const s3: RequestToSign = { ...sts, method: 'GET', url: 'https://s3.example.com/bucket/key', service: 's3' }

const refusal = (reason: string) => expect.objectContaining({ name: 'SignatureRefusal', reason })
const parse = (request: SignedRequest, service = 'sts') => parseSignature(request, { service })
const withHeaders = (request: SignedRequest, headers: Record<string, string>) => ({
  ...request,
  headers: { ...request.headers, ...headers },
})
/** The signed request with its Authorization header rewritten. */
const authorized = (request: SignedRequest, change: (authorization: string) => string) =>
  withHeaders(request, { authorization: change(request.headers.authorization ?? '') })
const requeried = (request: SignedRequest, from: string | RegExp, to: string) => ({
  ...request,
  rawQuery: request.rawQuery.replace(from, to),
})

describe('a request without a signature', () => {
  it('is anonymous', () => {
    expect(parse({ ...signRequest(sts), headers: { host: 'sts.example.com' } })).toBeUndefined()
  })

  it('is anonymous even with headers that go with one', () => {
    const headers = { host: 'h', 'x-amz-security-token': 't', 'x-amz-date': '20260131T120000Z' }
    expect(parse({ ...signRequest(sts), headers })).toBeUndefined()
  })
})

describe('a signature in the Authorization header', () => {
  const signed = signRequest({ ...sts, sessionToken: 'token/+=' })

  it('is read into a claim', () => {
    expect(parse(signed)).toEqual({
      kind: 'header',
      claimedAccessKeyId: 'AKIDEXAMPLE',
      claimedSessionToken: 'token/+=',
      scope: { date: '20260131', region: 'us-east-1', service: 'sts' },
      signedHeaders: ['host', 'x-amz-date', 'x-amz-security-token'],
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      timestamp: sts.now,
      basicTimestamp: '20260131T120000Z',
      payload: { mode: 'unstated' },
      request: signed,
    })
  })

  it.each([
    ['no space after commas', (a: string) => a.replaceAll(', ', ',')],
    ['its parts in another order', (a: string) => a.replace(/(Credential=[^,]+), (SignedHeaders=[^,]+)/, '$2, $1')],
  ])('may have %s', (_form, change) => expect(parse(authorized(signed, change))).toBeDefined())

  it.each(['us-east-1', '', 'US', 'made-up', 'aws-global'])('may be scoped to region %j', (region) => {
    expect(parse(signRequest({ ...sts, region }))?.scope.region).toBe(region)
  })

  it.each<[string, (authorization: string) => string, string]>([
    ['Bearer', () => 'Bearer abc', 'unsupported-scheme'],
    ['Basic', () => 'Basic abc', 'unsupported-scheme'],
    ['empty', () => '', 'unsupported-scheme'],
    ['another hash', (a) => a.replace('SHA256', 'SHA512'), 'unsupported-scheme'],
    ['lower-case', (a) => a.replace('AWS4-HMAC-SHA256', 'aws4-hmac-sha256'), 'unsupported-scheme'],
    ['SigV4A', (a) => a.replace('HMAC', 'ECDSA-P256'), 'signature-version-4a'],
    ['SigV2', () => 'AWS AKIDEXAMPLE:c2ln', 'signature-version-2'],
    ['bare', () => 'AWS4-HMAC-SHA256', 'authorization-incomplete'],
    ['without Credential', (a) => a.replace(/Credential=[^,]+, /, ''), 'authorization-incomplete'],
    ['without SignedHeaders', (a) => a.replace(/SignedHeaders=[^,]+, /, ''), 'authorization-incomplete'],
    ['without Signature', (a) => a.replace(/, Signature=.*/, ''), 'authorization-incomplete'],
    ['with an empty Signature', (a) => a.replace(/Signature=.*/, 'Signature='), 'authorization-incomplete'],
    [
      'with two Credentials',
      (a) => `${a}, Credential=AKIDOTHER/20260131/us-east-1/sts/aws4_request`,
      'authorization-malformed',
    ],
    ['with two SignedHeaders', (a) => `${a}, SignedHeaders=host`, 'authorization-malformed'],
    ['with two Signatures', (a) => `${a}, Signature=${'0'.repeat(64)}`, 'authorization-malformed'],
    ['with an unknown part', (a) => `${a}, Extra=1`, 'authorization-malformed'],
    ['with a trailing comma', (a) => `${a},`, 'authorization-malformed'],
    ['two values joined', (a) => `${a}, ${a}`, 'authorization-malformed'],
    ['joined with Bearer', (a) => `${a},Bearer abc`, 'authorization-malformed'],
    ['joined behind Bearer', (a) => `Bearer abc,${a}`, 'unsupported-scheme'],
    ['with four elements of scope', (a) => a.replace('/us-east-1', ''), 'credential-malformed'],
    ['with six elements of scope', (a) => a.replace('us-east-1', 'us/east'), 'credential-malformed'],
    ['without a key id', (a) => a.replace('AKIDEXAMPLE', ''), 'credential-malformed'],
    ['for another service', (a) => a.replace('/sts/', '/iam/'), 'scope-service'],
    ['for no service', (a) => a.replace('/sts/', '//'), 'scope-service'],
    ['with another terminator', (a) => a.replace('aws4_request', 'aws4'), 'scope-terminator'],
    ['of the day before', (a) => a.replace('20260131', '20260130'), 'scope-date'],
    ['of no day', (a) => a.replace('20260131', 'today'), 'scope-date'],
    ['with unsorted headers', (a) => a.replace('host;x-amz-date', 'x-amz-date;host'), 'signed-headers-malformed'],
    ['with a repeated header', (a) => a.replace('host;', 'host;host;'), 'signed-headers-malformed'],
    ['with an upper-case header', (a) => a.replace('host;', 'Host;'), 'signed-headers-malformed'],
    ['with an empty header', (a) => a.replace('host;', 'host;;'), 'signed-headers-malformed'],
    ['with a header that holds a line', (a) => a.replace('host;', 'host\n;'), 'signed-headers-malformed'],
    ['without host', (a) => a.replace('host;', ''), 'host-not-signed'],
    ['without the date', (a) => a.replace('x-amz-date;', ''), 'header-not-signed'],
    ['without the token', (a) => a.replace(';x-amz-security-token', ''), 'header-not-signed'],
    ['over a header that was not sent', (a) => a.replace('host;', 'accept;host;'), 'signed-header-missing'],
    ['over a member of every object', (a) => a.replace('host;', 'constructor;host;'), 'signed-header-missing'],
    ['with a short signature', (a) => a.slice(0, -1), 'signature-mismatch'],
    [
      'with an upper-case signature',
      (a) => a.replace(/Signature=.*/, (s) => s.toUpperCase().replace('SIGNATURE', 'Signature')),
      'signature-mismatch',
    ],
  ])('is refused when it is %s', (_flaw, change, reason) => {
    const altered = authorized(signed, change)
    expect(altered.headers.authorization).not.toBe(signed.headers.authorization)
    expect(() => parse(altered)).toThrow(refusal(reason))
  })

  it('names every part that is missing', () => {
    expect(() => parse(authorized(signed, () => 'AWS4-HMAC-SHA256 '))).toThrow(refusal('authorization-malformed'))
    expect(() => parse(authorized(signed, () => 'AWS4-HMAC-SHA256 Signature=ab'))).toThrow(
      expect.objectContaining({
        facts: {
          missing:
            "Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter.",
        },
      }),
    )
  })

  it.each(['sts', 'iam', 'rolesanywhere'])('is read by %s when it is scoped to it, and by no other', (service) => {
    const own = signRequest({ ...sts, service })
    expect(parse(own, service)).toBeDefined()
    expect(() => parse(own, 's3')).toThrow(refusal('scope-service'))
  })

  it('must cover every x-amz-* header but the one that CloudFront adds', () => {
    expect(
      parse(withHeaders(signed, { 'x-amz-cf-id': 'a', 'x-amzn-trace-id': 'b', 'x-forwarded-for': 'c' })),
    ).toBeDefined()
    expect(() => parse(withHeaders(signed, { 'x-amz-meta-a': 'b' }))).toThrow(
      expect.objectContaining({ reason: 'header-not-signed', facts: { header: 'x-amz-meta-a' } }),
    )
  })
})

describe('the time of a signature in the header', () => {
  const dated = (headers: Record<string, string>) => {
    const { 'x-amz-date': _, ...rest } = signRequest(sts).headers
    return parse(
      authorized({ ...signRequest(sts), headers: { ...rest, ...headers } }, (a) =>
        a.replace(';x-amz-date', headers['x-amz-date'] ? ';x-amz-date' : ''),
      ),
    )
  }

  it.each([
    ['x-amz-date', { 'x-amz-date': '20260131T120000Z' }],
    ['Date in the basic form', { date: '20260131T120000Z' }],
    ['Date', { date: 'Sat, 31 Jan 2026 12:00:00 GMT' }],
    ['x-amz-date before Date', { 'x-amz-date': '20260131T120000Z', date: 'Thu, 01 Jan 1970 00:00:00 GMT' }],
  ])('is that of %s', (_source, headers) => expect(dated(headers)?.timestamp).toBe(sts.now))

  it.each([
    ['nowhere', {}, 'date-missing'],
    ['of the extended form', { 'x-amz-date': '2026-01-31T12:00:00Z' }, 'date-malformed'],
    ['of the form of Date', { 'x-amz-date': 'Sat, 31 Jan 2026 12:00:00 GMT' }, 'date-malformed'],
    ...['20260132T', '20260229T', '20260100T', '20261301T', '20260001T', '00260131T'].map(
      (day): [string, Record<string, string>, string] => [
        `no day: ${day}`,
        { 'x-amz-date': `${day}120000Z` },
        'date-malformed',
      ],
    ),
    ['of hour 24', { 'x-amz-date': '20260131T240000Z' }, 'date-malformed'],
    ['of minute 60', { 'x-amz-date': '20260131T116000Z' }, 'date-malformed'],
    ['of a leap second', { 'x-amz-date': '20260131T115960Z' }, 'date-malformed'],
    ['local', { date: 'Sat, 31 Jan 2026 12:00:00 +0100' }, 'date-malformed'],
    ['of another weekday', { date: 'Sun, 31 Jan 2026 12:00:00 GMT' }, 'date-malformed'],
    ['empty', { 'x-amz-date': '' }, 'date-malformed'],
  ])('is refused when it is %s', (_flaw, headers, reason) => expect(() => dated(headers)).toThrow(refusal(reason)))
})

describe('a presigned request', () => {
  const signed = presign({ ...sts, method: 'GET', sessionToken: 'token/+=', expires: 60 })

  it('is read into a claim', () => {
    expect(parse(signed)).toEqual({
      kind: 'presigned',
      claimedAccessKeyId: 'AKIDEXAMPLE',
      claimedSessionToken: 'token/+=',
      scope: { date: '20260131', region: 'us-east-1', service: 'sts' },
      signedHeaders: ['host'],
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      timestamp: sts.now,
      basicTimestamp: '20260131T120000Z',
      expires: 60,
      payload: { mode: 'unstated' },
      request: signed,
    })
  })

  it.each<[string, string | RegExp, string, string]>([
    ['another algorithm', 'HMAC-SHA256', 'HMAC-SHA512', 'unsupported-scheme'],
    ['SigV4A', 'HMAC', 'ECDSA-P256', 'signature-version-4a'],
    ['no algorithm', 'X-Amz-Algorithm=AWS4-HMAC-SHA256&', '', 'authorization-incomplete'],
    ['no credential', /X-Amz-Credential=[^&]+&/, '', 'authorization-incomplete'],
    ['no date', /X-Amz-Date=[^&]+&/, '', 'authorization-incomplete'],
    ['no signed headers', /X-Amz-SignedHeaders=[^&]+&/, '', 'authorization-incomplete'],
    ['no signature', /&X-Amz-Signature=.*/, '', 'authorization-incomplete'],
    ['an empty signature', /X-Amz-Signature=.*/, 'X-Amz-Signature=', 'authorization-incomplete'],
    ['two credentials', /$/, '&X-Amz-Credential=AKIDOTHER', 'presigned-malformed'],
    ['two dates', /$/, '&X-Amz-Date=20260131T120000Z', 'presigned-malformed'],
    ['two lifetimes', /$/, '&X-Amz-Expires=604800', 'presigned-malformed'],
    ['two tokens', /$/, '&X-Amz-Security-Token=other', 'presigned-malformed'],
    ['two signatures', /$/, `&X-Amz-Signature=${'0'.repeat(64)}`, 'presigned-malformed'],
    ['two of any x-amz parameter', /$/, '&x-amz-meta-a=1&x-amz-meta-a=2', 'presigned-malformed'],
    ['a second spelling', /$/, '&x-amz-date=20260131T120000Z', 'presigned-malformed'],
    ['a second spelling in escapes', /$/, '&X%2DAmz%2DDate=20260131T120000Z', 'presigned-malformed'],
    ['another spelling', 'X-Amz-Date', 'x-amz-date', 'presigned-malformed'],
    ['a malformed escape', /$/, '&a=%zz', 'uri-malformed'],
    ['half an escape', /$/, '&a=%2', 'uri-malformed'],
    ['a token that is no UTF-8', /Token=[^&]+/, 'Token=%FF', 'uri-malformed'],
    ['half a surrogate pair', /$/, '&a=\ud800', 'uri-malformed'],
    ['a date of another form', '20260131T120000Z', '2026-01-31T12:00:00Z', 'date-malformed'],
    ['the day after', '%2F20260131', '%2F20260201', 'scope-date'],
    ['another service', '%2Fsts%2F', '%2Fs3%2F', 'scope-service'],
    ['another terminator', 'aws4_request', 'aws4', 'scope-terminator'],
    ['a malformed credential', '%2Fus-east-1', '', 'credential-malformed'],
    ['unsorted headers', 'SignedHeaders=host', 'SignedHeaders=x%3Bhost', 'signed-headers-malformed'],
    ['an unsigned host', 'SignedHeaders=host', 'SignedHeaders=accept', 'host-not-signed'],
    ['a short signature', /.$/, '', 'signature-mismatch'],
    ['SigV2 beside it', /$/, '&AWSAccessKeyId=AKIDEXAMPLE', 'signature-version-2'],
    ['no lifetime of its own', 'Expires=60', 'Expires=0', 'expires-out-of-range'],
    ['more than a week', 'Expires=60', 'Expires=604801', 'expires-out-of-range'],
    ['a negative lifetime', 'Expires=60', 'Expires=-1', 'expires-malformed'],
    ['a lifetime that is no number', 'Expires=60', 'Expires=1e3', 'expires-malformed'],
    ['an empty lifetime', 'Expires=60', 'Expires=', 'expires-malformed'],
  ])('is refused with %s', (_flaw, from, to, reason) => {
    const altered = requeried(signed, from, to)
    expect(altered.rawQuery).not.toBe(signed.rawQuery)
    expect(() => parse(altered)).toThrow(refusal(reason))
  })

  it.each([1, 604_800])('may live for %i seconds', (expires) => {
    expect(parse(presign({ ...sts, method: 'GET', expires }))?.expires).toBe(expires)
  })

  it('must state its lifetime to S3, not to STS', () => {
    expect(parse(presign({ ...sts, method: 'GET', expires: null }))).toMatchObject({ kind: 'presigned' })
    expect(() => parse(presign({ ...s3, expires: null }), 's3')).toThrow(refusal('authorization-incomplete'))
  })

  it.each([
    ['the Authorization header', { authorization: signRequest(sts).headers.authorization ?? '' }, 'two-mechanisms'],
    ['an Authorization header of another kind', { authorization: 'Bearer abc' }, 'two-mechanisms'],
    ['the token in the header too', { 'x-amz-security-token': 'token/+=' }, 'two-tokens'],
    ['an unsigned x-amz-* header', { 'x-amz-acl': 'public-read' }, 'header-not-signed'],
    ['a body announced', { 'content-length': '3' }, 'presigned-body'],
    ['a body announced in chunks', { 'transfer-encoding': 'chunked' }, 'presigned-body'],
  ])('is refused with %s', (_flaw, headers, reason) => {
    expect(() => parse(withHeaders(signed, headers))).toThrow(refusal(reason))
  })

  it('is refused with the token in the header alone', () => {
    const bare = presign({ ...sts, method: 'GET', headers: { 'x-amz-security-token': 't' } })
    expect(() => parse(bare)).toThrow(refusal('two-tokens'))
  })

  it('of HEAD is refused with a body announced', () => {
    const head = presign({ ...sts, method: 'HEAD' })
    expect(() => parse(withHeaders(head, { 'content-length': '3' }))).toThrow(refusal('presigned-body'))
  })

  it('may announce an empty body, and a POST any', () => {
    expect(parse(withHeaders(signed, { 'content-length': '0' }))).toBeDefined()
    expect(parse(withHeaders(presign({ ...sts, body: 'abc' }), { 'content-length': '3' }))).toBeDefined()
  })
})

describe('credentials in two places', () => {
  it.each([
    ['a parameter of a presigned request', 'X-Amz-Signature=ab'],
    ['the session token', 'X-Amz-Security-Token=ab'],
    ['the date', 'X-Amz-Date=20260131T120000Z'],
    ['another spelling', 'x-amz-credential=ab'],
    ['SigV2', 'AWSAccessKeyId=ab&Signature=cd'],
  ])('are refused: the header and %s', (_place, rawQuery) => {
    expect(() => parse({ ...signRequest(sts), rawQuery })).toThrow(refusal('two-mechanisms'))
  })
})

describe('SigV2', () => {
  it.each(['AWSAccessKeyId=a&Signature=b&Expires=1', 'SignatureVersion=2', 'Signature=b'])(
    'is recognised in %s',
    (rawQuery) => {
      expect(() => parse({ ...signRequest(sts), headers: { host: 'h' }, rawQuery })).toThrow(
        refusal('signature-version-2'),
      )
    },
  )
})

describe('the payload mode', () => {
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  const modeOf = (service: string, contentSha256: string | false) =>
    parse(signRequest({ ...sts, service, contentSha256 }), service)?.payload

  it.each([
    ['sts', sha256, { mode: 'sha256', sha256 }],
    ['sts', false, { mode: 'unstated' }],
    ['s3', sha256, { mode: 'sha256', sha256 }],
    ['s3', 'UNSIGNED-PAYLOAD', { mode: 'unsigned' }],
    ['s3', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { mode: 'streaming', signed: true, trailer: false }],
    ['s3', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { mode: 'streaming', signed: true, trailer: true }],
    ['s3', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', { mode: 'streaming', signed: false, trailer: true }],
  ] as const)('of %s with %s is read', (service, stated, mode) => expect(modeOf(service, stated)).toMatchObject(mode))

  it.each([
    ['sts', 'UNSIGNED-PAYLOAD', 'payload-not-signed'],
    ['iam', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'payload-not-signed'],
    ['sts', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'payload-not-signed'],
    ['sts', sha256.toUpperCase(), 'content-sha256-malformed'],
    ['sts', '', 'content-sha256-malformed'],
    ['s3', false, 'content-sha256-missing'],
    ['s3', '', 'content-sha256-malformed'],
    ['s3', 'required', 'content-sha256-malformed'],
    ['s3', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 'content-sha256-malformed'],
  ] as const)('of %s with %s is refused', (service, stated, reason) => {
    expect(() => modeOf(service, stated)).toThrow(refusal(reason))
  })

  const presignedMode = (query: string, headers: Record<string, string> = {}, service = 's3') =>
    parse(presign({ ...sts, method: 'GET', service, url: `https://h/${query}`, headers }), service)?.payload

  it('of a presigned S3 request is unsigned unless it is stated, in one voice', () => {
    expect(presignedMode('')).toEqual({ mode: 'unsigned' })
    expect(presignedMode('?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD')).toEqual({ mode: 'unsigned' })
    expect(presignedMode(`?X-Amz-Content-Sha256=${sha256}`)).toEqual({ mode: 'sha256', sha256 })
    expect(presignedMode(`?X-Amz-Content-Sha256=${sha256}`, { 'x-amz-content-sha256': sha256 })).toEqual({
      mode: 'sha256',
      sha256,
    })
    expect(() =>
      presignedMode(`?X-Amz-Content-Sha256=${sha256}`, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
    ).toThrow(refusal('content-sha256-malformed'))
    expect(() => presignedMode('', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).toThrow(
      refusal('payload-not-signed'),
    )
    expect(() => presignedMode('?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD', {}, 'sts')).toThrow(
      refusal('payload-not-signed'),
    )
  })
})
