import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { type Fetcher, guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deploymentWith } from '../../support/deployment.ts'
import {
  altered,
  drip,
  type FakeKey,
  failing,
  gzipBomb,
  hang,
  type Misbehaviour,
  makeFakeKey,
  padded,
  publicJwk,
  redirect,
  reset,
  startFakeIssuer,
} from '../../support/fake-issuer.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const MiB = 1024 * 1024
const GRANTED = 'granted'
const INVALID = 'InvalidIdentityToken'
const UNAVAILABLE = 'IDPCommunicationError'
const CLIENT = 'app'

const issuer = await startFakeIssuer({ algorithms: ['ES256'] })
const elsewhere = await startFakeIssuer({ algorithms: ['ES256'] })
afterAll(() => Promise.all([issuer.close(), elsewhere.close()]))

let clock: ManualClock
let asked: { discovery: number; jwks: number }
beforeEach(() => {
  clock = new ManualClock()
  Object.assign(issuer.fetches, { discovery: 0, jwks: 0 })
  asked = issuer.fetches
})
afterEach(() => {
  for (const name of ['discovery', 'jwks'] as const) delete issuer.misbehave[name]
})

type Way = 'role' | 'claim'

const patient = guardedFetch({ addresses: 'any' })
const hasty = guardedFetch({ addresses: 'any', timeoutMs: 150 })
/** Waits shortly for what never ends alone, so that nothing else ends by a busy machine. */
const call: Fetcher = (url, options) => {
  const misbehaviour = issuer.misbehave[url.pathname.endsWith('/jwks') ? 'jwks' : 'discovery']
  return (misbehaviour === hang || misbehaviour === drip ? hasty : patient)(url, options)
}

/** A deployment of its own: by a role that trusts the issuer, or by the claim of a configured source. */
function deploy(way: Way, url = issuer.url, fetch: Fetcher = call) {
  if (way === 'claim') {
    const configUrl = `${url}/.well-known/openid-configuration`
    const env = { MINIO_IDENTITY_OPENID_CONFIG_URL: configUrl, MINIO_IDENTITY_OPENID_CLIENT_ID: CLIENT }
    return deploymentWith({ clock, fetch, openIdSources: parseOpenIdSources(env, ACCOUNT) })
  }
  const Statement = {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${url.replace(/^https?:\/\//, '')}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }
  const roles = [{ RoleName: 'web', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement } }]
  const openIdConnectProviders = [{ Url: url, ClientIDList: [CLIENT] }]
  return deploymentWith({ clock, fetch }, { id: ACCOUNT, openIdConnectProviders, roles })
}

const tokenOf = (kid?: string, claims: Record<string, unknown> = {}, key?: FakeKey) => {
  const now = Math.floor(clock.now() / 1000)
  const all = { sub: 'alice', aud: CLIENT, policy: 'readwrite', iat: now, exp: now + 3600, ...claims }
  return issuer.sign(all, { ...(kid === undefined ? {} : { kid }), ...(key === undefined ? {} : { key }) })
}

async function exchange(daypass: Deployment, way: Way, token = tokenOf()): Promise<string> {
  const role = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/web`, RoleSessionName: 'session' }
  const params = { Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, ...(way === 'role' ? role : {}) }
  return (await daypass.post(params)).error?.Code ?? GRANTED
}

const repeat = <T>(what: (at: number) => Promise<T>) => Promise.all(Array.from({ length: 8 }, (_, at) => what(at)))

/**
 * Thirty-two requests: eight at once, eight one after the other, eight of unknown keys, and half a minute later eight at
 * once again. Answers the outcomes of the good tokens, and of those of unknown keys.
 */
async function storm(daypass: Deployment, way: Way, claims: Record<string, unknown> = {}) {
  const one = () => exchange(daypass, way, tokenOf(undefined, claims))
  const good = await repeat(one)
  for (let at = 0; at < 8; at++) good.push(await one())
  const unknown = await repeat((at) => exchange(daypass, way, tokenOf(`guess-${at}`, claims)))
  clock.advance(30 * SECOND)
  good.push(...(await repeat(one)))
  return { good: [...new Set(good)], unknown: [...new Set(unknown)] }
}

const WAYS: readonly Way[] = ['role', 'claim']
const byWay = <Row extends readonly unknown[]>(rows: readonly Row[]) =>
  rows.flatMap((row) => WAYS.map((way): [Way, ...Row] => [way, ...row]))

const keys = (...jwks: object[]) => altered(() => ({ keys: jwks }))
const own = () => publicJwk(issuer.keys[0] ?? expect.fail('no key'))
const { kid, ...unnamed } = own()
const other = { ...publicJwk(makeFakeKey('ES256')), kid }
const many = (count: number) => keys(...Array.from({ length: count }, (_, at) => ({ kty: 'PQ', kid: `k${at}` })), own())
const invalidUtf8: Misbehaviour = (honest) => ({
  ...honest,
  body: Buffer.concat([Buffer.from([0xff]), Buffer.from(honest.body)]),
})
const html: Misbehaviour = () => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><p>Log in</p>',
})
const status =
  (code: number): Misbehaviour =>
  (honest) => ({ ...honest, status: code })
const unknownEncoding: Misbehaviour = (honest) => ({ ...honest, headers: { 'content-encoding': 'zstd' } })
const brokenGzip: Misbehaviour = (honest) => ({ ...honest, headers: { 'content-encoding': 'gzip' } })

/** Neither a discovery document nor a key set, whichever it is asked for. */
const UNUSABLE: readonly [string, Misbehaviour][] = [
  ['is over 1 MiB', padded(MiB)],
  ['unpacks to 5 MiB', gzipBomb(5 * MiB)],
  ['hangs', hang],
  ['comes byte by byte without end', drip],
  ['is cut off', reset],
  ['is 500', failing],
  ['is 404', status(404)],
  ['is 401', status(401)],
  ['is 204', () => ({ status: 204, headers: {}, body: '' })],
  ['is 206', status(206)],
  ['is empty', (honest) => ({ ...honest, body: '' })],
  ['is a page to log in', html],
  ['is no valid UTF-8', invalidUtf8],
  ['has a byte order mark', (honest) => ({ ...honest, body: `\ufeff${honest.body}` })],
  ['has a member twice', (honest) => ({ ...honest, body: String(honest.body).replace('{', '{"x":1,"x":1,') })],
  ['is a list', altered((document) => [document])],
  ['is in an unknown encoding', unknownEncoding],
  ['is in a broken encoding', brokenGzip],
  ['redirects to another origin', redirect(`${elsewhere.url}/jwks`)],
  ['redirects to another scheme', redirect('https://127.0.0.1/jwks')],
  ['redirects to a metadata service', redirect('http://169.254.169.254/latest/meta-data/')],
  ['redirects to a file', redirect('file:///etc/passwd')],
]

describe('an issuer of which nothing is known yet', () => {
  it.each(byWay(UNUSABLE))(
    '(%s) whose discovery document %s is asked once, and again half a minute later',
    async (way, _what, misbehaviour) => {
      issuer.misbehave.discovery = misbehaviour
      expect(await storm(await deploy(way), way)).toEqual({ good: [UNAVAILABLE], unknown: [UNAVAILABLE] })
      expect(asked).toEqual({ discovery: 2, jwks: 0 })
    },
  )

  it.each(byWay(UNUSABLE))(
    '(%s) whose key set %s is asked once, and again half a minute later',
    async (way, _what, misbehaviour) => {
      issuer.misbehave.jwks = misbehaviour
      expect(await storm(await deploy(way), way)).toEqual({ good: [UNAVAILABLE], unknown: [UNAVAILABLE] })
      expect(asked).toEqual({ discovery: 2, jwks: 2 })
    },
  )

  it.each(
    byWay<[string, Misbehaviour, number]>([
      ['the document', redirect(`${issuer.url}/.well-known/openid-configuration`), 8],
      ['the document, by a path', redirect('/.well-known/openid-configuration', 307), 8],
    ]),
  )(
    '(%s) that leads %s round in a circle is asked four times, and again half a minute later',
    async (way, _what, loop, discovery) => {
      issuer.misbehave.discovery = loop
      expect((await storm(await deploy(way), way)).good).toEqual([UNAVAILABLE])
      expect(asked).toEqual({ discovery, jwks: 0 })
    },
  )

  it.each(byWay([[]]))('(%s) that redirects once within its origin is followed', async (way) => {
    let redirected = 0
    issuer.misbehave.jwks = (honest) =>
      redirected++ % 2 === 0 ? { status: 302, headers: { location: '/jwks' }, body: '' } : honest
    expect(await storm(await deploy(way), way)).toEqual({ good: [GRANTED], unknown: [INVALID] })
    expect(asked).toEqual({ discovery: 2, jwks: 4 })
  })

  it.each<[string, Misbehaviour]>([
    ['names another', altered((document) => ({ ...document, issuer: elsewhere.url }))],
    ['has a slash more', altered((document) => ({ ...document, issuer: `${document.issuer}/` }))],
    ['names nobody', altered(({ issuer: _, ...document }) => document)],
  ])('(role) whose document %s is not believed', async (_what, misbehaviour) => {
    issuer.misbehave.discovery = misbehaviour
    expect(await storm(await deploy('role'), 'role')).toEqual({ good: [UNAVAILABLE], unknown: [UNAVAILABLE] })
    expect(asked).toEqual({ discovery: 2, jwks: 0 })
  })

  it('(claim) whose document names another speaks for that one, and its own tokens are nobody’s', async () => {
    issuer.misbehave.discovery = altered((document) => ({ ...document, issuer: 'https://sso.example' }))
    const daypass = await deploy('claim')
    expect(await storm(daypass, 'claim')).toEqual({ good: [INVALID], unknown: [INVALID] })
    expect(asked).toEqual({ discovery: 1, jwks: 1 })
    expect(await storm(daypass, 'claim', { iss: 'https://sso.example' })).toEqual({
      good: [GRANTED],
      unknown: [INVALID],
    })
    expect(asked).toEqual({ discovery: 2, jwks: 2 })
  })
})

/** A key set that can be read. Fetches: the first is free; then one for an unknown key in half a minute. */
describe('an issuer whose key set', () => {
  it.each(
    byWay<[string, Misbehaviour, string, string, number]>([
      ['has 100 keys', many(99), GRANTED, INVALID, 2],
      ['has 101 keys', many(100), UNAVAILABLE, UNAVAILABLE, 2],
      ['has a shared secret too', keys(own(), { kty: 'oct', k: 'c2VjcmV0' }), UNAVAILABLE, UNAVAILABLE, 2],
      ['has its private key', keys({ ...own(), d: own().x }), INVALID, INVALID, 3],
      ['has the kid twice', keys(own(), other), INVALID, INVALID, 3],
      ['has the same key twice', keys(own(), own()), GRANTED, INVALID, 2],
      ['has another key by that kid', keys(other), INVALID, INVALID, 2],
      ['has the key by another kid', keys({ ...own(), kid: 'renamed' }), INVALID, INVALID, 3],
      ['has the key without kid', keys(unnamed), INVALID, INVALID, 3],
      ['has a key of another type by that kid', keys({ ...publicJwk(makeFakeKey('RS256')), kid }), INVALID, INVALID, 2],
      [
        'has a key on another curve by that kid',
        keys({ ...publicJwk(makeFakeKey('ES384')), kid }),
        INVALID,
        INVALID,
        2,
      ],
      ['has the key for another algorithm', keys({ ...own(), alg: 'ES384' }), INVALID, INVALID, 2],
      ['has the key for encryption', keys({ ...own(), use: 'enc' }), INVALID, INVALID, 3],
      ['has the key for signing alone', keys({ ...own(), key_ops: ['sign'] }), INVALID, INVALID, 3],
      ['has a point off the curve', keys({ ...own(), x: own().y }), INVALID, INVALID, 3],
      ['has a kid that is a number', keys({ ...own(), kid: 7 }), INVALID, INVALID, 3],
      ['has no keys', keys(), INVALID, INVALID, 3],
      ['has things that are no keys', altered(() => ({ keys: [null, 1, 'x', [], {}] })), INVALID, INVALID, 3],
      [
        'is fresh for no time',
        (honest) => ({ ...honest, headers: { 'cache-control': 'no-store, max-age=0' } }),
        GRANTED,
        INVALID,
        2,
      ],
      [
        'is fresh for ever',
        (honest) => ({ ...honest, headers: { 'cache-control': `max-age=${'9'.repeat(99)}` } }),
        GRANTED,
        INVALID,
        2,
      ],
    ]),
  )('(%s) %s', async (way, _what, misbehaviour, good, unknown, fetches) => {
    issuer.misbehave.jwks = misbehaviour
    expect(await storm(await deploy(way), way)).toEqual({ good: [good], unknown: [unknown] })
    expect(asked).toEqual({ discovery: fetches, jwks: fetches })
  })

  it.each(byWay([[]]))('(%s) has a new key at each request is asked once in half a minute', async (way) => {
    let current: FakeKey | undefined
    issuer.misbehave.jwks = altered(() => {
      current = makeFakeKey('ES256')
      return { keys: [publicJwk(current)] }
    })
    const daypass = await deploy(way)
    const outcomes: string[] = []
    for (let second = 0; second < 120; second++) {
      // Signed by the key that it published last, and in the name of the one that it will publish next.
      outcomes.push(await exchange(daypass, way, tokenOf(current?.kid, {}, current)))
      await exchange(daypass, way, tokenOf(`next-${second}`))
      clock.advance(SECOND)
    }
    expect(new Set(outcomes)).toEqual(new Set([INVALID, GRANTED]))
    // At the first request, and then for an unknown key at 0, 30, 60 and 90 seconds.
    expect(asked).toEqual({ discovery: 5, jwks: 5 })
  })

  it.each(byWay([[]]))(
    '(%s) comes and goes is asked once in ten seconds while it is gone, and its known keys go on',
    async (way) => {
      const daypass = await deploy(way)
      expect(await exchange(daypass, way)).toBe(GRANTED)
      clock.advance(5 * MINUTE)
      let answers = 0
      issuer.misbehave.jwks = (honest) => (answers++ % 2 === 0 ? 'reset' : honest)
      const outcomes = new Set<string>()
      for (let second = 0; second < 60; second++) {
        outcomes.add(await exchange(daypass, way))
        clock.advance(SECOND)
      }
      expect([...outcomes]).toEqual([GRANTED])
      // Stale: fails at once, succeeds ten seconds later, and is fresh from then on.
      expect(asked).toEqual({ discovery: 3, jwks: 3 })
    },
  )
})

describe('an issuer whose keys are known and that turns hostile', () => {
  it.each(byWay(UNUSABLE))(
    '(%s): when its key set %s, the known keys go on and nobody else gets in',
    async (way, _what, misbehaviour) => {
      const daypass = await deploy(way)
      await exchange(daypass, way)
      issuer.misbehave.jwks = misbehaviour
      clock.advance(5 * MINUTE)
      expect(await storm(daypass, way)).toEqual({ good: [GRANTED], unknown: [UNAVAILABLE] })
      expect(asked).toEqual({ discovery: 3, jwks: 3 })
    },
  )
})

describe('an issuer that leads elsewhere', () => {
  const ISSUER = 'https://issuer.example'
  /** Its document comes from here; what that names is called with all guards. */
  function leading(jwksUri: string, addresses: readonly string[] = ['93.184.216.34']) {
    const resolved: string[] = []
    const called: string[] = []
    const guarded = guardedFetch({
      addresses: 'public-only',
      resolve: async (hostname) => {
        resolved.push(hostname)
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      },
    })
    const fetch: Fetcher = async (url, options) => {
      called.push(url.href)
      if (url.origin !== ISSUER) return guarded(url, options)
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ issuer: ISSUER, jwks_uri: jwksUri })) }
    }
    return { fetch, called, resolved }
  }

  it.each<[string, string, string[]?]>([
    ['http', 'http://issuer.example/jwks'],
    ['http on another host', `http://127.0.0.1:${new URL(issuer.url).port}/jwks`],
    ['loopback', 'https://127.0.0.1/jwks'],
    ['loopback in IPv6', 'https://[::1]/jwks'],
    ['loopback in one number', 'https://2130706433/jwks'],
    ['a private network', 'https://10.1.2.3/jwks'],
    ['a metadata service', 'https://169.254.169.254/latest/meta-data/'],
    ['a metadata service in IPv6', 'https://[fd00:ec2::254]/latest/meta-data/'],
    ['a metadata service through NAT64', 'https://[64:ff9b::a9fe:a9fe]/'],
    ['a name of a private address', 'https://rebind.example/jwks', ['10.0.0.7']],
    ['a name of the metadata service', 'https://rebind.example/jwks', ['169.254.169.254']],
    ['a name of a public and a private address', 'https://rebind.example/jwks', ['93.184.216.34', '127.0.0.1']],
    ['a user', 'https://user:password@keys.example/jwks'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,{"keys":[]}'],
    ['no URL', 'keys'],
  ])('to %s is refused without a connection, once and again half a minute later', async (_what, jwksUri, addresses) => {
    const { fetch, called, resolved } = leading(jwksUri, addresses)
    const daypass = await deploy('role', ISSUER, fetch)
    expect(await storm(daypass, 'role', { iss: ISSUER })).toEqual({ good: [UNAVAILABLE], unknown: [UNAVAILABLE] })
    expect(called.filter((url) => url.startsWith(`${ISSUER}/.well-known/`))).toHaveLength(2)
    expect(called.length).toBeLessThanOrEqual(4)
    // A name is resolved once for each call: what was checked is what would be connected to.
    expect(resolved).toHaveLength(addresses === undefined ? 0 : 2)
    expect(asked).toEqual({ discovery: 0, jwks: 0 })
  })

  it('to another origin in the open is followed, as Google’s is', async () => {
    const daypass = await deploy('role')
    issuer.misbehave.discovery = altered((document) => ({ ...document, jwks_uri: `${elsewhere.url}/jwks` }))
    const token = tokenOf(elsewhere.keys[0]?.kid, {}, elsewhere.keys[0])
    expect([await exchange(daypass, 'role', token), await exchange(daypass, 'role')]).toEqual([GRANTED, INVALID])
    expect([asked.discovery, asked.jwks, elsewhere.fetches.jwks]).toEqual([2, 0, 2])
  })
})
