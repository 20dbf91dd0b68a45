import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SigningCredentials } from '../../support/sign.ts'
import { type Sent, sendRaw, type Wish } from './support/raw-request.ts'
import { OURS, policy, startWorld, type World } from './support/world.ts'

let world: World
let bucket: string
let open: string
let session: SigningCredentials
let other: SigningCredentials
beforeAll(async () => {
  world = await startWorld()
  bucket = await world.bucket('ourroot')
  // Open to everyone: what is refused here is refused for its signature alone.
  open = await world.bucket('ourroot', (name) =>
    policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }),
  )
  session = await world.role(OURS, 'fullworker')
  other = await world.role(OURS, 'fullworker', { name: 'other' })
})
afterAll(() => world.close())

const DAY = 24 * 3_600_000
const root = () => world.credentials('ourroot')
const send = (wish: Wish) => sendRaw(world.gateway.endpoint, wish)

const adding =
  (...headers: [string, string][]) =>
  (sent: Sent): Sent => ({ ...sent, headers: [...sent.headers, ...headers] })
const changing =
  (name: string, change: (value: string) => string) =>
  (sent: Sent): Sent => ({
    ...sent,
    headers: sent.headers.map(([key, value]) => [key, key === name ? change(value) : value]),
  })
const toPath =
  (change: (path: string) => string) =>
  (sent: Sent): Sent => ({ ...sent, path: change(sent.path) })

describe('a request is refused, even where everyone may read,', () => {
  it.each<[string, () => Partial<Wish> & { readonly unsigned?: true }, string]>([
    [
      'with a header of Amazon’s that is not signed',
      () => ({ tamper: adding(['x-amz-acl', 'public-read']) }),
      'AccessDenied',
    ],
    ['with a token that is not signed', () => ({ tamper: adding(['x-amz-security-token', 'forged']) }), 'AccessDenied'],
    [
      'with a query that was added',
      () => ({ tamper: toPath((p) => `${p}?response-content-type=text/html`) }),
      'SignatureDoesNotMatch',
    ],
    ['with another key', () => ({ tamper: toPath((p) => `${p}k`) }), 'SignatureDoesNotMatch'],
    ['by another method', () => ({ signing: { method: 'HEAD' } }), 'SignatureDoesNotMatch'],
    [
      'with another body hash',
      () => ({ tamper: changing('x-amz-content-sha256', (v) => v.replace(/^./, (c) => (c === '0' ? '1' : '0'))) }),
      'SignatureDoesNotMatch',
    ],
    [
      'with another date',
      () => ({ tamper: changing('x-amz-date', (v) => v.replace(/\d(?=Z)/, (c) => (c === '0' ? '1' : '0'))) }),
      'SignatureDoesNotMatch',
    ],
    [
      'without the hash of its body',
      () => ({
        tamper: (sent) => ({ ...sent, headers: sent.headers.filter(([name]) => name !== 'x-amz-content-sha256') }),
      }),
      'InvalidRequest',
    ],
    [
      'with two Authorization headers',
      () => ({
        tamper: (sent) => ({
          ...sent,
          headers: [...sent.headers, ...sent.headers.filter(([name]) => name === 'authorization')],
        }),
      }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'with another Authorization before its own',
      () => ({ tamper: (sent) => ({ ...sent, headers: [['authorization', 'Bearer x'], ...sent.headers] }) }),
      'InvalidArgument',
    ],
    [
      'signed in header and query',
      () => ({ presigned: 600, tamper: adding(['authorization', 'AWS4-HMAC-SHA256 Credential=x']) }),
      'InvalidArgument',
    ],
    [
      'presigned, with a second token in a header',
      () => ({ as: session, presigned: 600, tamper: adding(['x-amz-security-token', 'forged']) }),
      'InvalidRequest',
    ],
    [
      'presigned, with a parameter of the signature twice',
      () => ({ presigned: 600, tamper: toPath((p) => `${p}&X-Amz-Expires=604800`) }),
      'AuthorizationQueryParametersError',
    ],
    [
      'presigned, with a parameter of the signature in other case',
      () => ({ presigned: 600, tamper: toPath((p) => p.replace('X-Amz-Date', 'x-amz-date')) }),
      'AuthorizationQueryParametersError',
    ],
    [
      'presigned for longer than it was',
      () => ({ presigned: 600, tamper: toPath((p) => p.replace('X-Amz-Expires=600', 'X-Amz-Expires=6000')) }),
      'SignatureDoesNotMatch',
    ],
    ['presigned for longer than a week', () => ({ presigned: 604_801 }), 'AuthorizationQueryParametersError'],
    ['presigned for no time', () => ({ presigned: 0 }), 'AuthorizationQueryParametersError'],
    ['presigned, and its time is over', () => ({ presigned: 60, now: Date.now() - 61_000 }), 'AccessDenied'],
    ['presigned in the future', () => ({ presigned: 60, now: Date.now() + DAY }), 'AccessDenied'],
    ['presigned, with a body', () => ({ presigned: 600, body: 'x' }), 'InvalidRequest'],
    [
      'presigned, with its host changed',
      () => ({ presigned: 600, tamper: changing('host', () => 'evil.test') }),
      'SignatureDoesNotMatch',
    ],
    ['with its host changed', () => ({ tamper: changing('host', () => 'evil.test') }), 'SignatureDoesNotMatch'],
    [
      'with a copy source that is not signed',
      () => ({ method: 'PUT', tamper: adding(['x-amz-copy-source', `/${bucket}/k`]) }),
      'AccessDenied',
    ],
    [
      'of SigV2, in a header',
      () => ({ tamper: changing('authorization', () => 'AWS AKIAOURROOT:c2lnbmF0dXJl') }),
      'InvalidRequest',
    ],
    [
      'of SigV2, in the query',
      () => ({ unsigned: true, path: `/${open}/k?AWSAccessKeyId=AKIAOURROOT&Expires=9999999999&Signature=x` }),
      'InvalidRequest',
    ],
    ['of another scheme', () => ({ tamper: changing('authorization', () => 'Basic YTpi') }), 'InvalidArgument'],
    [
      'for another service',
      () => ({ signing: { service: 'sts', contentSha256: true } }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'for the day before',
      () => ({ tamper: changing('authorization', (v) => v.replace(/\/\d{8}\//, '/20200101/')) }),
      'AuthorizationHeaderMalformed',
    ],
    ['that is 16 minutes old', () => ({ now: Date.now() - 16 * 60_000 }), 'RequestTimeTooSkewed'],
    ['of in 16 minutes', () => ({ now: Date.now() + 16 * 60_000 }), 'RequestTimeTooSkewed'],
    [
      'of a key that nobody has',
      () => ({ as: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } }),
      'InvalidAccessKeyId',
    ],
    ['with a wrong secret', () => ({ as: { ...root(), secretAccessKey: 'wrong' } }), 'SignatureDoesNotMatch'],
    [
      'of a session without its token',
      () => ({ as: { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey } }),
      'InvalidAccessKeyId',
    ],
    [
      'of a session with another’s token',
      () => ({ as: { ...session, sessionToken: other.sessionToken ?? '' } }),
      'InvalidToken',
    ],
    [
      'of a user with a session’s token',
      () => ({ as: { ...root(), sessionToken: session.sessionToken ?? '' } }),
      'InvalidToken',
    ],
    [
      'of a session with a damaged token',
      () => ({ as: { ...session, sessionToken: `${session.sessionToken}A` } }),
      'InvalidToken',
    ],
    ['with a query parameter twice', () => ({ path: `/${open}/k?x=1&x=2` }), 'InvalidArgument'],
    ['with a broken escape', () => ({ unsigned: true, path: `/${open}/%zz` }), 'InvalidURI'],
    ['with bytes that are no UTF-8', () => ({ unsigned: true, path: `/${open}/%ff%fe` }), 'InvalidURI'],
    [
      'with a body that is not the one that was signed',
      () => ({ method: 'PUT', path: `/${bucket}/k`, body: 'x', signing: { body: 'y' } }),
      'XAmzContentSHA256Mismatch',
    ],
  ])('%s', async (_flaw, change, code) => {
    const { unsigned, ...changed } = change()
    const answer = await send({ path: `/${open}/k`, ...(!unsigned && { as: root() }), ...changed })
    expect(answer.code).toBe(code)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).not.toBe('content')
  })

  it('and the same requests are answered without the flaw', async () => {
    for (const as of [root(), session, other]) {
      expect((await send({ path: `/${open}/k`, as })).body).toBe('content')
      expect((await send({ path: `/${open}/k`, as, presigned: 600 })).body).toBe('content')
      expect((await send({ path: `/${open}/k`, as, now: Date.now() - 14 * 60_000 })).body).toBe('content')
      expect((await send({ path: `/${open}/k`, as, presigned: 604_800, now: Date.now() - 6 * DAY })).status).toBe(200)
    }
    expect((await send({ path: `/${open}/k` })).body).toBe('content')
  })
})

describe('a path', () => {
  it.each([
    ['climbs out of the bucket', (o: string, b: string) => `/${o}/../${b}/k`],
    ['climbs out in escapes', (o: string, b: string) => `/${o}/%2e%2e/${b}/k`],
    ['climbs out in half escapes', (o: string, b: string) => `/${o}/.%2E/${b}/k`],
    ['climbs out behind an escaped slash', (o: string, b: string) => `/${o}/..%2f${b}%2fk`],
    ['climbs out behind a backslash', (o: string, b: string) => `/${o}/..%5c${b}%5ck`],
    ['climbs out, escaped twice', (o: string, b: string) => `/${o}/%252e%252e/${b}/k`],
    ['has a slash too many', (o: string) => `/${o}//k`],
    ['has a dot', (o: string) => `/${o}/./k`],
    ['has a byte of zero', (o: string) => `/${o}/k%00`],
    ['has a semicolon', (o: string) => `/${o}/k;x`],
  ])('that %s is a key of that bucket like any other, and reads nothing else', async (_trick, path) => {
    const answer = await send({ path: path(open, bucket) })
    // Whoever may not list is not told whether there is such a key.
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied'])
  })

  it.each([
    ['begins with two slashes', (b: string) => `//${b}/k`],
    ['has a bucket of dots', () => '/../k'],
    ['has a bucket with an escaped slash', (b: string) => `/x%2f${b}/k`],
    ['has a bucket with a colon', (b: string) => `/tenant:${b}/k`],
  ])('that %s names no bucket', async (_trick, path) => {
    const answer = await send({ path: path(open) })
    expect([answer.status, answer.code]).toEqual([400, 'InvalidBucketName'])
  })

  it.each([
    ['grants', 'Allow', 403],
    ['denies', 'Deny', 403],
  ])('cannot slip by a policy that %s a folder', async (_what, Effect, status) => {
    const own = await world.bucket('ourroot', (name) =>
      policy(
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${name}/${Effect === 'Allow' ? 'public/' : ''}*`,
        },
        ...(Effect === 'Deny'
          ? [{ Effect, Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/private/*` }]
          : []),
      ),
    )
    const owner = root()
    for (const key of ['private/s', 'public/p']) {
      await send({ method: 'PUT', path: `/${own}/${key}`, body: key, as: { ...owner } })
    }
    expect((await send({ path: `/${own}/public/p` })).status).toBe(200)
    for (const path of ['private/s', 'public/../private/s', 'public%2f..%2fprivate/s', '%70rivate/s', 'private%2Fs']) {
      expect((await send({ path: `/${own}/${path}` })).status).toBe(status)
    }
  })
})

describe('the source of a copy', () => {
  it.each([
    ['climbs out of the bucket', (o: string, b: string) => `/${o}/../${b}/k`],
    ['climbs out in escapes', (o: string, b: string) => `${o}/%2e%2e/${b}/k`],
    ['climbs out behind an escaped slash', (o: string, b: string) => `${o}%2f..%2f${b}%2fk`],
    ['climbs out, escaped twice', (o: string, b: string) => `${o}/%252e%252e/${b}/k`],
    ['names a second bucket behind a version', (o: string, b: string) => `${o}/x?versionId=null?versionId=/${b}/k`],
    ['names a second bucket behind a comma', (o: string, b: string) => `${o}/x,/${b}/k`],
    ['is of a bucket that the caller may not read', (_o: string, b: string) => `${b}/k`],
    ['is of that bucket, wholly escaped', (_o: string, b: string) => `%2F${b}%2F%6B`],
  ])('that %s reads nothing that its sender may not', async (_trick, source) => {
    const target = await world.bucket('ourroot', (name) =>
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:*Object', Resource: `arn:aws:s3:::${name}/*` }),
    )
    const copy = (from: string) =>
      send({
        method: 'PUT',
        path: `/${target}/copy`,
        headers: { 'x-amz-copy-source': from },
        as: world.credentials('plain'),
      })
    expect((await copy(source(open, bucket))).code).toBe('AccessDenied')
    expect((await send({ path: `/${target}/copy`, as: root() })).status).toBe(404)
    expect((await copy(`${open}/k`)).status).toBe(200)
  })
})

describe('a header', () => {
  it.each([
    ['aws:sourceip', '10.0.0.1'],
    ['s3:prefix', 'x'],
    ['aws:username', 'full'],
  ])('%s never becomes a condition key', async (name, value) => {
    const own = await world.bucket('ourroot', (b) =>
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${b}/*`,
        Condition: { StringEquals: { [name]: value } },
      }),
    )
    // HTTP has no colons in names.
    const headers = { [name.replaceAll(':', '-')]: value, [name.split(':')[1] ?? name]: value }
    expect((await send({ path: `/${own}/k`, headers })).status).toBe(403)
  })

  it('of SigV2 is refused in AWS’s words, with an account of Ceph too', async () => {
    const answer = await send({ path: `/${open}/k`, headers: { authorization: 'AWS AKIACEPHPLAIN:c2ln' } })
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.stringContaining(
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      ),
    ])
  })
})
