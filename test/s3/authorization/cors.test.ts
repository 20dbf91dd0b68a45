import { DeleteBucketCorsCommand, GetBucketCorsCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw, type Wish } from './support/raw-request.ts'
import { outcome, policy, startWorld, type World } from './support/world.ts'

let world: World
let bucket: string
beforeAll(async () => {
  world = await startWorld()
  bucket = await world.bucket('ourroot', (name) =>
    policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }),
  )
  await put(
    `<CORSRule><ID>apps</ID><AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedOrigin>http://one</AllowedOrigin><AllowedOrigin>two*two</AllowedOrigin>
     <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader>
     <AllowedHeader>Content-Type</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule>
     <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule>`,
  )
})
afterAll(() => world.close())

const send = (wish: Wish) => sendRaw(world.gateway.endpoint, wish)
const put = (rules: string, as = 'ourroot') =>
  send({
    method: 'PUT',
    path: `/${bucket}?cors`,
    as: world.credentials(as),
    body: `<CORSConfiguration>${rules}</CORSConfiguration>`,
  })
const allowOf = ({ headers }: { headers: Record<string, unknown> }) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))

describe('a preflight', () => {
  const ask = (origin: string | undefined, method: string | undefined, asked?: string, path = `/${bucket}/k`) =>
    send({
      method: 'OPTIONS',
      path,
      headers: {
        ...(origin !== undefined && { origin }),
        ...(method !== undefined && { 'access-control-request-method': method }),
        ...(asked !== undefined && { 'access-control-request-headers': asked }),
      },
    })

  it('is answered with what the first rule that fits lets a page do', async () => {
    const answer = await ask('https://app.example.com', 'PUT', 'X-Amz-Date, content-type')
    expect([answer.status, answer.body]).toEqual([200, ''])
    expect(allowOf(answer)).toEqual({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'x-amz-date, content-type',
      'access-control-expose-headers': 'ETag',
      'access-control-max-age': '300',
    })
    expect(answer.headers.vary).toContain('Origin')
  })

  it('that asks for more headers than any page sends is refused', async () => {
    const headers = Array.from({ length: 101 }, (_, index) => `x-amz-${index}`)
    expect((await ask('https://app.example.com', 'PUT', headers.slice(1).join())).status).toBe(200)
    expect((await ask('https://app.example.com', 'PUT', headers.join())).status).toBe(403)
  })

  it('for every origin allows none of a user’s credentials', async () => {
    expect(allowOf(await ask('https://anywhere.test', 'HEAD'))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'HEAD',
    })
  })

  it.each<[string, string | undefined, string | undefined, string | undefined, number, string]>([
    ['another origin', 'https://example.org', 'GET', undefined, 403, 'AccessForbidden'],
    ['an origin that goes on', 'https://app.example.com.evil.test', 'GET', undefined, 403, 'AccessForbidden'],
    ['an origin that begins otherwise', 'http://app.example.com', 'GET', undefined, 403, 'AccessForbidden'],
    ['an origin too short for both ends', 'two', 'GET', undefined, 403, 'AccessForbidden'],
    ['an origin in other case', 'HTTP://ONE', 'GET', undefined, 403, 'AccessForbidden'],
    ['another method', 'http://one', 'DELETE', undefined, 403, 'AccessForbidden'],
    ['a method in other case', 'http://one', 'get', undefined, 403, 'AccessForbidden'],
    ['another header', 'http://one', 'GET', 'x-amz-date, authorization', 403, 'AccessForbidden'],
    ['a header that no rule for everyone lists', 'https://x', 'HEAD', 'x-amz-date', 403, 'AccessForbidden'],
    ['no origin', undefined, 'GET', undefined, 400, 'BadRequest'],
    ['no method', 'http://one', undefined, undefined, 400, 'BadRequest'],
  ])('with %s is refused', async (_flaw, origin, method, asked, status, code) => {
    const answer = await ask(origin, method, asked)
    expect([answer.status, answer.code, allowOf(answer)]).toEqual([status, code, {}])
  })

  it('of a bucket without rules, of none, and of no bucket at all is refused', async () => {
    const bare = await world.bucket('ourroot')
    expect((await ask('http://one', 'GET', undefined, `/${bare}/k`)).code).toBe('AccessForbidden')
    expect((await ask('http://one', 'GET', undefined, '/nowhere/k')).code).toBe('NoSuchBucket')
    expect((await ask('http://one', 'GET', undefined, '/')).code).toBe('AccessForbidden')
  })

  it('opens nothing', async () => {
    await ask('http://one', 'PUT')
    const upload = await send({ method: 'PUT', path: `/${bucket}/new`, headers: { origin: 'http://one' }, body: 'x' })
    expect([upload.status, upload.headers['access-control-allow-origin']]).toEqual([403, 'http://one'])
  })
})

describe('an answer', () => {
  const get = (headers: Record<string, string>, path = `/${bucket}/k`) => send({ path, headers })

  it('may be read by pages of the rules’ origins, an error too', async () => {
    const answer = await get({ origin: 'http://one' })
    expect([answer.status, allowOf(answer)]).toEqual([
      200,
      {
        'access-control-allow-origin': 'http://one',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, PUT',
        'access-control-expose-headers': 'ETag',
        'access-control-max-age': '300',
      },
    ])
    const missing = await get({ origin: 'http://one' }, `/${bucket}/missing`)
    expect([missing.status, missing.headers['access-control-allow-origin']]).toEqual([403, 'http://one'])
    const badly = await get({ origin: 'http://one', authorization: 'AWS4-HMAC-SHA256 nonsense' })
    expect([badly.status, badly.headers['access-control-allow-origin']]).toEqual([400, 'http://one'])
  })

  it.each([
    ['of another origin', { origin: 'https://example.org' }],
    ['without an origin', {}],
  ])('is not for pages %s', async (_whose, headers: Record<string, string>) => {
    const answer = await get(headers)
    expect([answer.status, allowOf(answer)]).toEqual([200, {}])
  })
})

describe('the rules', () => {
  const as = (name: string) => world.client(world.credentials(name))

  it('are answered as they were set, and gone when removed', async () => {
    const own = await world.bucket('ourroot')
    const CORSRules = [
      {
        ID: 'a',
        AllowedOrigins: ['*.x'],
        AllowedMethods: ['GET'],
        AllowedHeaders: ['*'],
        ExposeHeaders: ['E'],
        MaxAgeSeconds: 9,
      },
    ]
    await as('ourroot').send(new PutBucketCorsCommand({ Bucket: own, CORSConfiguration: { CORSRules } }))
    expect((await as('ourroot').send(new GetBucketCorsCommand({ Bucket: own }))).CORSRules).toEqual(CORSRules)
    for (const name of ['plain', 'fullstranger']) {
      expect(await outcome(as(name).send(new GetBucketCorsCommand({ Bucket: own })))).toBe('AccessDenied')
      expect(await outcome(as(name).send(new DeleteBucketCorsCommand({ Bucket: own })))).toBe('AccessDenied')
    }
    await as('ourroot').send(new DeleteBucketCorsCommand({ Bucket: own }))
    expect(await outcome(as('ourroot').send(new GetBucketCorsCommand({ Bucket: own })))).toBe('NoSuchCORSConfiguration')
  })

  const rule = (inner: string) => `<CORSRule>${inner}</CORSRule>`
  const origin = '<AllowedOrigin>*</AllowedOrigin>'
  const method = '<AllowedMethod>GET</AllowedMethod>'
  it.each<[string, string, string]>([
    ['none', '', 'MalformedXML'],
    ['one without an origin', rule(method), 'MalformedXML'],
    ['one without a method', rule(origin), 'MalformedXML'],
    ['an unknown method', rule(`${origin}<AllowedMethod>PATCH</AllowedMethod>`), 'InvalidRequest'],
    ['two wildcards in an origin', rule(`<AllowedOrigin>*.a.*</AllowedOrigin>${method}`), 'InvalidRequest'],
    ['two wildcards in a header', rule(`${origin}${method}<AllowedHeader>x-*-*</AllowedHeader>`), 'InvalidRequest'],
    ['a wildcard in an exposed header', rule(`${origin}${method}<ExposeHeader>x-*</ExposeHeader>`), 'InvalidRequest'],
    ['a header that holds a line', rule(`${origin}${method}<ExposeHeader>a&#10;b</ExposeHeader>`), 'MalformedXML'],
    ['an age that is no number', rule(`${origin}${method}<MaxAgeSeconds>soon</MaxAgeSeconds>`), 'MalformedXML'],
    [
      'two ages',
      rule(`${origin}${method}<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>2</MaxAgeSeconds>`),
      'MalformedXML',
    ],
    ['an unknown element', rule(`${origin}${method}<Nonsense/>`), 'MalformedXML'],
    ['101', rule(origin + method).repeat(101), 'InvalidRequest'],
  ])('with %s are refused', async (_flaw, rules, code) => {
    expect((await put(rules)).code).toBe(code)
    expect((await as('ourroot').send(new GetBucketCorsCommand({ Bucket: bucket }))).CORSRules).toHaveLength(2)
  })

  it('are set only by who may', async () => {
    expect((await put(rule(origin + method), 'plain')).code).toBe('AccessDenied')
    expect((await put(rule(origin + method), 'stranger')).code).toBe('AccessDenied')
  })
})

describe('a configuration of more than 64 KiB', () => {
  it('is refused', async () => {
    const rule = '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>'
    const wide = (length: number) =>
      put(`<CORSRule>${rule}<AllowedHeader>${'x'.repeat(length)}</AllowedHeader></CORSRule>`)
    const over = await wide(65_536)
    expect([over.status, over.code]).toEqual([400, 'MaxMessageLengthExceeded'])
  })
})
