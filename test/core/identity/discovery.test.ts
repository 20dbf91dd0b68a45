import { fetchKeySet, type KeySource } from '@daypass/core/identity/discovery.ts'
import { type Fetcher, guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterEach, describe, expect, it } from 'vitest'
import {
  altered,
  type FakeIssuer,
  type FakeIssuerOptions,
  failing,
  gzipBomb,
  type Misbehaviour,
  makeFakeKey,
  padded,
  publicJwk,
  redirect,
  reset,
  startFakeIssuer,
} from '../../support/fake-issuer.ts'

const issuers: FakeIssuer[] = []
afterEach(async () => {
  for (const issuer of issuers.splice(0)) await issuer.close()
})
const start = async (options: FakeIssuerOptions = {}) => {
  const issuer = await startFakeIssuer({ algorithms: ['ES256'], ...options })
  issuers.push(issuer)
  return issuer
}
const fetch = guardedFetch({ addresses: 'any' })
const at = (url: string): KeySource => ({ kind: 'issuer', url })
const MINUTE = 60_000

describe('discovery', () => {
  it.each([[''], ['/auth/realms/demo']])('finds the keys of an issuer with the path "%s"', async (path) => {
    const issuer = await start({ path })
    const found = await fetchKeySet(fetch, at(issuer.url))
    expect(found.issuer).toBe(issuer.url)
    expect(found.keys.map(({ jwk }) => jwk.kid)).toEqual(issuer.keys.map(({ kid }) => kid))
    expect(issuer.fetches).toEqual({ discovery: 1, jwks: 1 })
  })

  it('takes a slash at the end for part of the name', async () => {
    const issuer = await start()
    await expect(fetchKeySet(fetch, at(`${issuer.url}/`))).rejects.toThrow(/another issuer/)
    issuer.misbehave.discovery = altered((document) => ({ ...document, issuer: `${issuer.url}/` }))
    expect((await fetchKeySet(fetch, at(`${issuer.url}/`))).issuer).toBe(`${issuer.url}/`)
    await expect(fetchKeySet(fetch, at(issuer.url))).rejects.toThrow(/another issuer/)
  })

  it.each<[string, Misbehaviour]>([
    ['names another issuer', altered((document) => ({ ...document, issuer: 'https://evil.example' }))],
    [
      'names an issuer in another case',
      altered((document) => ({ ...document, issuer: String(document.issuer).toUpperCase() })),
    ],
    ['names no issuer', altered(({ issuer: _, ...document }) => document)],
    ['names a list of issuers', altered((document) => ({ ...document, issuer: [document.issuer] }))],
    ['names no key set', altered(({ jwks_uri: _, ...document }) => document)],
    ['names a key set that is no URL', altered((document) => ({ ...document, jwks_uri: '/jwks' }))],
    ['names a key set that is a file', altered((document) => ({ ...document, jwks_uri: 'file:///etc/passwd' }))],
    [
      'names a key set with credentials',
      altered((document) => ({ ...document, jwks_uri: String(document.jwks_uri).replace('//', '//a:b@') })),
    ],
    ['is a list', altered((document) => [document])],
    [
      'has its issuer twice',
      (honest) => ({ ...honest, body: String(honest.body).replace('{', '{"issuer":"https://evil.example",') }),
    ],
    ['is no JSON', (honest) => ({ ...honest, body: '<html>' })],
    ['is too large', padded(1024 * 1024)],
    ['unpacks to something too large', gzipBomb(50 * 1024 * 1024)],
    ['is not to be had', failing],
    ['is not found', (honest) => ({ ...honest, status: 404 })],
    ['is another kind of success', (honest) => ({ ...honest, status: 203 })],
    ['is cut off', reset],
    ['is elsewhere', redirect('https://evil.example/')],
  ])('fails when the document %s', async (_what, misbehaviour) => {
    const issuer = await start()
    issuer.misbehave.discovery = misbehaviour
    await expect(fetchKeySet(fetch, at(issuer.url))).rejects.toThrow()
    expect(issuer.fetches.jwks).toBe(0)
  })

  it.each<[string, Misbehaviour]>([
    ['is too large', padded(1024 * 1024)],
    ['unpacks to something too large', gzipBomb(50 * 1024 * 1024)],
    ['has too many keys', altered(() => ({ keys: Array(101).fill({ kty: 'PQ' }) }))],
    ['publishes a secret', altered(() => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }))],
    ['is no JSON', (honest) => ({ ...honest, body: 'keys' })],
    ['is not to be had', failing],
    ['is elsewhere', redirect('http://localhost:1/')],
  ])('fails when the key set %s', async (_what, misbehaviour) => {
    const issuer = await start()
    issuer.misbehave.jwks = misbehaviour
    await expect(fetchKeySet(fetch, at(issuer.url))).rejects.toThrow()
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('takes compressed documents', async () => {
    const issuer = await start()
    issuer.misbehave.discovery = gzipBomb(10)
    issuer.misbehave.jwks = gzipBomb(10)
    expect((await fetchKeySet(fetch, at(issuer.url))).keys).toHaveLength(1)
  })

  describe('by scheme', () => {
    const documents = (jwksUri: string): { fetch: Fetcher; called: string[] } => {
      const called: string[] = []
      const fetch: Fetcher = async (url, { allowHttp }) => {
        called.push(`${url.href} ${allowHttp ? 'http allowed' : 'https only'}`)
        const issuer = url.origin
        const body = url.pathname === '/jwks' ? { keys: [] } : { issuer, jwks_uri: jwksUri }
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) }
      }
      return { fetch, called }
    }

    it('never allows http to a provider that was registered with https', async () => {
      const { fetch, called } = documents('https://keys.example/jwks')
      await fetchKeySet(fetch, at('https://issuer.example'))
      expect(called).toEqual([
        'https://issuer.example/.well-known/openid-configuration https only',
        'https://keys.example/jwks https only',
      ])
    })

    it('allows http to a provider that was registered with it', async () => {
      const { fetch, called } = documents('http://issuer.example/jwks')
      await fetchKeySet(fetch, at('http://issuer.example'))
      expect(called.every((call) => call.endsWith('http allowed'))).toBe(true)
    })

    it('refuses an http key set of an https issuer', async () => {
      const { fetch: honest } = documents('http://issuer.example/jwks')
      const guarded = guardedFetch({ addresses: 'any' })
      const fetch: Fetcher = (url, options) => (url.pathname === '/jwks' ? guarded(url, options) : honest(url, options))
      await expect(fetchKeySet(fetch, at('https://issuer.example'))).rejects.toMatchObject({ reason: 'url' })
    })
  })

  describe('from other sources', () => {
    it('takes the issuer from a document at its own URL', async () => {
      const issuer = await start()
      issuer.misbehave.discovery = altered((document) => ({ ...document, issuer: 'https://sso.example/' }))
      const url = `${issuer.url}/.well-known/openid-configuration`
      expect((await fetchKeySet(fetch, { kind: 'config-url', url })).issuer).toBe('https://sso.example/')
    })

    it('knows of a bare key set only the issuer that was configured', async () => {
      const issuer = await start()
      const url = `${issuer.url}/jwks`
      expect(await fetchKeySet(fetch, { kind: 'jwks', url })).toMatchObject({ issuer: undefined, keys: [{}] })
      expect((await fetchKeySet(fetch, { kind: 'jwks', url, issuer: 'x' })).issuer).toBe('x')
      expect(issuer.fetches.discovery).toBe(0)
    })
  })
})

describe('a key set stays fresh', () => {
  it.each([
    ['5 minutes without a word', undefined, 5 * MINUTE],
    ['an hour when told', 'max-age=3600', 60 * MINUTE],
    ['an hour when told among other things', 'public, max-age=3600, must-revalidate', 60 * MINUTE],
    ['an hour when told in capitals', 'PUBLIC,MAX-AGE=3600', 60 * MINUTE],
    ['5 minutes at least', 'max-age=1', 5 * MINUTE],
    ['5 minutes exactly', 'max-age=300', 5 * MINUTE],
    ['a second over 5 minutes', 'max-age=301', 5 * MINUTE + 1000],
    ['24 hours at most', 'max-age=31536000', 24 * 60 * MINUTE],
    ['24 hours when the number is absurd', `max-age=${'9'.repeat(400)}`, 24 * 60 * MINUTE],
    ['5 minutes when not to be stored', 'no-store, max-age=3600', 5 * MINUTE],
    ['5 minutes when not to be cached', 'max-age=3600, no-cache', 5 * MINUTE],
    ['5 minutes when told only for others', 's-maxage=3600', 5 * MINUTE],
    ['5 minutes when told nonsense', 'max-age=soon', 5 * MINUTE],
  ])('%s', async (_what, cacheControl, expected) => {
    const issuer = await start(cacheControl === undefined ? {} : { cacheControl })
    expect((await fetchKeySet(fetch, at(issuer.url))).freshFor).toBe(expected)
  })

  it('ignores the age of the discovery document', async () => {
    const issuer = await start()
    issuer.misbehave.discovery = (honest) => ({ ...honest, headers: { 'cache-control': 'max-age=9999' } })
    expect((await fetchKeySet(fetch, at(issuer.url))).freshFor).toBe(5 * MINUTE)
  })

  it('whatever else it holds', async () => {
    const issuer = await start()
    issuer.misbehave.jwks = altered(() => ({ keys: [publicJwk(makeFakeKey('ES256')), { kty: 'PQ' }] }))
    expect((await fetchKeySet(fetch, at(issuer.url))).keys).toHaveLength(1)
  })
})
