import type { Log } from '@daypass/core/deps.ts'
import type { IssuerKeyDeps } from '@daypass/core/identity/issuer-keys.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { issuerKeyLookupKeys } from '@daypass/core/identity/stored-keys.ts'
import { parseUnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import {
  verifyWebIdentity,
  type WebIdentityProvider,
  type WebIdentityRequest,
} from '@daypass/core/identity/web-identity.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  compactJws,
  type FakeIssuer,
  makeFakeKey,
  type SignOptions,
  startFakeIssuer,
} from '../../support/fake-issuer.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryStore } from '../../support/memory-store.ts'

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const
const silent: Log = { info() {}, warn() {}, error() {} }
const clock = new ManualClock()
const NOW = clock.now() / 1000
let issuer: FakeIssuer
let other: FakeIssuer
let deps: IssuerKeyDeps

beforeAll(async () => {
  issuer = await startFakeIssuer({ algorithms: ALGORITHMS, now: () => clock.now(), path: '/realms/demo' })
  other = await startFakeIssuer({ algorithms: ['ES256'], now: () => clock.now() })
})
afterAll(async () => {
  await issuer.close()
  await other.close()
})
beforeEach(() => {
  deps = {
    store: memoryStore(),
    fetch: guardedFetch({ addresses: 'any' }),
    clock,
    log: silent,
    imported: new ImportedKeys(),
    flights: new Map(),
  }
})

const providerOf = (account = '123456789012', clientIds: string[] = ['app']): WebIdentityProvider => {
  const name = issuer.url.replace('http://', '')
  return { account, url: issuer.url, name, arn: `arn:aws:iam::${account}:oidc-provider/${name}`, clientIds }
}

async function verify(text: string, changes: Partial<WebIdentityRequest> = {}) {
  const provider = changes.provider ?? providerOf()
  const token = parseUnverifiedToken(text)
  const items = await deps.store.getMany(issuerKeyLookupKeys(provider.account, provider.name, token.claimedKeyId))
  return verifyWebIdentity(deps, { token, provider, sharedIssuer: false, items, ...changes })
}
const sign = (claims: object = {}, options: SignOptions = {}) => issuer.sign({ aud: 'app', ...claims }, options)
const invalid = expect.objectContaining({ code: 'InvalidIdentityToken' })

describe('a web identity', () => {
  it.each(ALGORITHMS)('is proven by %s', async (alg) => {
    const provider = providerOf()
    expect(await verify(sign({ azp: 'web', groups: ['a'] }, { alg }))).toEqual({
      issuer: issuer.url,
      subject: 'subject-1',
      audience: 'app',
      authorizedParty: 'web',
      providerArn: provider.arn,
      providerUrl: provider.url,
      providerName: provider.name,
      claims: { iss: issuer.url, sub: 'subject-1', iat: NOW, exp: NOW + 3600, aud: 'app', azp: 'web', groups: ['a'] },
    })
  })

  it.each(ALGORITHMS)('is not proven by %s of a stranger with the same kid', async (alg) => {
    const key = { ...makeFakeKey(alg), kid: issuer.keys.find((own) => own.alg === alg)?.kid ?? '' }
    await expect(verify(sign({}, { key }))).rejects.toEqual(invalid)
  })

  it.each(ALGORITHMS)('is not proven by %s when the provider does not allow it', async (alg) => {
    const algorithms = ALGORITHMS.filter((allowed) => allowed !== alg)
    await expect(verify(sign({}, { alg }), { algorithms })).rejects.toEqual(invalid)
    expect(await verify(sign({}, { alg }), { algorithms: [alg] })).toBeDefined()
  })

  it.each([
    ['has another algorithm in its header than its key', () => sign({}, { alg: 'RS256', header: { alg: 'RS512' } })],
    ['has PSS in its header over a PKCS #1 signature', () => sign({}, { alg: 'RS256', header: { alg: 'PS256' } })],
    ['names another key of the issuer', () => sign({}, { alg: 'RS256', kid: issuer.keys[1]?.kid ?? '' })],
    ['names a key that does not exist', () => sign({}, { kid: 'other' })],
    ['is signed by a key that is not published', () => sign({}, { key: makeFakeKey('RS256') })],
    ['names no issuer but this one and is signed by another', () => other.sign({ iss: issuer.url, aud: 'app' })],
    ['is of another issuer', () => other.sign({ aud: 'app' })],
    ['has another audience', () => sign({ aud: 'other' })],
    ['has no subject', () => sign({ sub: undefined })],
    ['begins later', () => sign({ nbf: NOW + 61 })],
    [
      'is altered after signing',
      () => {
        const [header, , signature] = sign().split('.')
        return [header, sign({ sub: 'admin' }).split('.')[1], signature].join('.')
      },
    ],
    [
      'carries its own key',
      () => {
        const key = makeFakeKey('ES256', { kid: 'mine' })
        return compactJws(
          { alg: 'ES256', kid: 'mine', jwk: key.publicKey.export({ format: 'jwk' }) },
          { iss: issuer.url, sub: 'x', aud: 'app', exp: NOW + 60 },
          key,
        )
      },
    ],
  ])('is not proven by a token that %s', async (_what, token) => {
    await expect(verify(token())).rejects.toEqual(invalid)
  })

  it('is over when the token has expired', async () => {
    await expect(verify(sign({ exp: NOW }))).rejects.toMatchObject({ code: 'ExpiredTokenException' })
  })

  it('does not tell an expired token of a stranger from any other', async () => {
    await expect(
      verify(sign({ exp: NOW - 1 }, { key: { ...makeFakeKey('RS256'), kid: issuer.keys[0]?.kid ?? '' } })),
    ).rejects.toEqual(invalid)
  })

  it('is not looked for at an issuer that the token does not name, nor by a foreign algorithm', async () => {
    const before = { ...issuer.fetches }
    await expect(verify(other.sign({ aud: 'app' }))).rejects.toEqual(invalid)
    await expect(verify(sign({}, { header: { alg: 'ES256K' } }))).rejects.toEqual(invalid)
    expect(issuer.fetches).toEqual(before)
  })

  it('may be proven without kid when one key alone fits', async () => {
    expect(await verify(sign({}, { alg: 'ES384', kid: null }))).toBeDefined()
  })

  it.each([
    ['a 12-digit account takes none', '123456789012', false],
    ['a Ceph-style account takes any', 'ceph', true],
    ['the empty account takes any', '', true],
    ['an account of 13 digits takes any', '1234567890123', true],
  ])('for a provider without client ids: %s', async (_what, account, accepted) => {
    const proof = verify(sign({ aud: 'whatever' }), { provider: providerOf(account, []) })
    if (accepted) expect((await proof).audience).toBe('whatever')
    else await expect(proof).rejects.toEqual(invalid)
  })

  it('needs a registered client id in a Ceph-style account that has some', async () => {
    await expect(verify(sign({ aud: 'whatever' }), { provider: providerOf('', ['app']) })).rejects.toEqual(invalid)
  })

  it('of a shared issuer is for its aud alone', async () => {
    const token = sign({ aud: 'other', azp: 'app' })
    expect((await verify(token)).audience).toBe('app')
    await expect(verify(token, { sharedIssuer: true })).rejects.toEqual(invalid)
  })

  it('of a client may lack sub where that is asked for', async () => {
    const token = sign({ sub: undefined, azp: 'app' })
    expect((await verify(token, { subject: 'sub or client' })).subject).toBe('app')
    await expect(verify(token)).rejects.toEqual(invalid)
  })

  it('may be for anyone where that is asked for', async () => {
    const token = sign({ aud: 'whatever' })
    expect((await verify(token, { audiences: 'any' })).audience).toBe('whatever')
    await expect(verify(token)).rejects.toEqual(invalid)
  })
})
