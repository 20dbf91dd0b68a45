import type { Log } from '@daypass/core/deps.ts'
import type { Algorithm } from '@daypass/core/identity/algorithms.ts'
import { type IssuerKeyDeps, resolveVerificationKey } from '@daypass/core/identity/issuer-keys.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { issuerKeyLookupKeys } from '@daypass/core/identity/stored-keys.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  altered,
  type FakeIssuer,
  failing,
  hang,
  makeFakeKey,
  publicJwk,
  startFakeIssuer,
} from '../../support/fake-issuer.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryStore } from '../../support/memory-store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const invalid = expect.objectContaining({ code: 'InvalidIdentityToken' })
const unavailable = expect.objectContaining({ code: 'IDPCommunicationError' })
const silent: Log = { info() {}, warn() {}, error() {} }

let issuer: FakeIssuer
let store: Store
let clock: ManualClock

beforeEach(async () => {
  issuer = await startFakeIssuer({ algorithms: ['ES256'] })
  store = memoryStore()
  clock = new ManualClock()
})
afterEach(() => issuer.close())

/** A process of its own, on the shared table. */
const startProcess = (table: Store = store, fetch = guardedFetch({ addresses: 'any' })): IssuerKeyDeps => ({
  store: table,
  fetch,
  clock,
  log: silent,
  imported: new ImportedKeys(),
  flights: new Map(),
})
const ownerOf = (account = '123456789012', url = issuer.url) => ({
  account,
  url,
  name: url.replace(/^https?:\/\//, ''),
})
const kid = (at = 0) => issuer.keys[at]?.kid

async function resolve(
  deps: IssuerKeyDeps,
  wanted: string | undefined,
  owner = ownerOf(),
  algorithm: Algorithm = 'ES256',
) {
  const items = await deps.store.getMany(issuerKeyLookupKeys(owner.account, owner.name, wanted))
  return resolveVerificationKey(deps, { owner, kid: wanted, algorithm, items })
}
const isKey = (key: { equals(other: never): boolean }, at = 0) => key.equals(issuer.keys[at]?.publicKey as never)

describe('the keys of an issuer', () => {
  it('are fetched once, and from then on read with the provider', async () => {
    const { store: counted, trips, total } = countingStore(store)
    const first = startProcess(counted)
    expect(isKey(await resolve(first, kid()))).toBe(true)
    expect(issuer.fetches).toEqual({ discovery: 1, jwks: 1 })

    const before = total()
    for (const process of [first, startProcess(counted), startProcess(counted)]) {
      expect(isKey(await resolve(process, kid()))).toBe(true)
    }
    // The one batch that the caller makes, warm or cold.
    expect([total() - before, trips.getMany]).toEqual([3, 4])
    expect(issuer.fetches).toEqual({ discovery: 1, jwks: 1 })
  })

  it('are fetched by one flight when many ask at once', async () => {
    const process = startProcess()
    const keys = await Promise.all(Array.from({ length: 50 }, () => resolve(process, kid())))
    expect(keys.every((key) => isKey(key))).toBe(true)
    expect(issuer.fetches).toEqual({ discovery: 1, jwks: 1 })
  })

  it('of two issuers are fetched at the same time without being mixed', async () => {
    const other = await startFakeIssuer({ algorithms: ['ES256'] })
    const process = startProcess()
    const otherKid = other.keys[0]?.kid
    const [own, foreign] = await Promise.all([
      resolve(process, kid()),
      resolve(process, otherKid, ownerOf('123456789012', other.url)),
    ])
    expect([isKey(own), isKey(foreign), other.fetches.jwks]).toEqual([true, false, 1])
    await expect(resolve(process, otherKid)).rejects.toEqual(invalid)
    await other.close()
  })

  it('are not fetched again for a request that read the table before they were there', async () => {
    const items = await store.getMany(issuerKeyLookupKeys('123456789012', ownerOf().name, kid()))
    await resolve(startProcess(), kid())
    const request = { owner: ownerOf(), kid: kid(), algorithm: 'ES256' as const, items }
    expect(isKey(await resolveVerificationKey(startProcess(), request))).toBe(true)
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('are kept with their public members only', async () => {
    await resolve(startProcess(), kid())
    const [list, key] = await store.getMany(issuerKeyLookupKeys('123456789012', ownerOf().name, kid()))
    expect(Object.keys((key as Item).jwk as object).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'x', 'y'])
    expect(JSON.stringify([list, key])).not.toMatch(/"d":/)
  })

  it('belong to one account, and to one URL', async () => {
    await resolve(startProcess(), kid())
    await resolve(startProcess(), kid(), ownerOf('222222222222'))
    await resolve(startProcess(), kid(), ownerOf(''))
    expect(issuer.fetches.jwks).toBe(3)
  })

  it('that came over http do not serve the same name over https', async () => {
    await resolve(startProcess(), kid())
    const owner = ownerOf('123456789012', issuer.url.replace('http:', 'https:'))
    await expect(resolve(startProcess(), kid(), owner)).rejects.toEqual(unavailable)
    await expect(resolve(startProcess(), kid(), owner)).rejects.toEqual(unavailable)
  })

  it.each(['list', 'kid:x', 'print:x', '', ' ', 'a#b', 'k'.repeat(256), 'k'.repeat(257), 'é'.repeat(1024), '\u0000'])(
    'may have any name: %j',
    async (name) => {
      issuer.misbehave.jwks = altered(() => ({
        keys: [{ ...publicJwk(makeFakeKey('ES256')), kid: name }, publicJwk(makeFakeKey('ES256'))],
      }))
      const process = startProcess()
      const key = await resolve(process, name)
      expect((await resolve(startProcess(), name)).equals(key)).toBe(true)
      expect(issuer.fetches.jwks).toBe(1)
    },
  )

  it('fit the algorithm, or the token is refused without a fetch', async () => {
    await resolve(startProcess(), kid())
    for (const algorithm of ['ES384', 'RS256', 'EdDSA'] as const) {
      await expect(resolve(startProcess(), kid(), ownerOf(), algorithm)).rejects.toEqual(invalid)
    }
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('are found without kid when one alone fits, with one more read or none', async () => {
    await resolve(startProcess(), kid())
    const { store: counted, trips } = countingStore(store)
    const process = startProcess(counted)
    expect(isKey(await resolve(process, undefined))).toBe(true)
    expect(isKey(await resolve(process, undefined))).toBe(true)
    expect(trips).toMatchObject({ getMany: 2, get: 1 })
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('are not found without kid when several fit, and no fetch is made for it', async () => {
    await resolve(startProcess(), kid())
    clock.advance(MINUTE)
    issuer.rotate({ keepOld: true })
    await resolve(startProcess(), kid())
    await expect(resolve(startProcess(), undefined)).rejects.toEqual(invalid)
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('come again when an item was lost', async () => {
    await resolve(startProcess(), kid())
    const [, key] = issuerKeyLookupKeys('123456789012', ownerOf().name, kid())
    if (key) await store.remove(key)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    expect(issuer.fetches.jwks).toBe(2)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('are not what another item under their name says', async () => {
    await resolve(startProcess(), kid())
    const [, key] = issuerKeyLookupKeys('123456789012', ownerOf().name, kid())
    if (key) await store.put({ ...key, jwk: { ...publicJwk(makeFakeKey('ES256')) } as never })
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    expect(issuer.fetches.jwks).toBe(2)
  })
})

describe('freshness', () => {
  it.each([
    ['no Cache-Control', undefined, 5 * MINUTE],
    ['an hour', 'max-age=3600', 60 * MINUTE],
    ['a year', 'max-age=31536000', 24 * 60 * MINUTE],
  ])('ends when %s is over, not before', async (_what, cacheControl, period) => {
    issuer.cacheControl = cacheControl
    await resolve(startProcess(), kid())
    clock.advance(period - 1)
    await resolve(startProcess(), kid())
    expect(issuer.fetches.jwks).toBe(1)
    clock.advance(1)
    await resolve(startProcess(), kid())
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('ends a key that its issuer no longer publishes', async () => {
    const old = kid()
    const process = startProcess()
    await resolve(process, old)
    issuer.rotate()
    expect(await resolve(process, old)).toBeDefined()
    clock.advance(5 * MINUTE)
    await expect(resolve(process, old)).rejects.toEqual(invalid)
    issuer.misbehave.jwks = failing
    for (const later of [process, startProcess()]) {
      clock.advance(10 * MINUTE)
      await expect(resolve(later, old)).rejects.toEqual(unavailable)
    }
  })

  it('ends a key at once when another token brings the new set', async () => {
    const old = kid()
    const process = startProcess()
    await resolve(process, old)
    issuer.rotate()
    await resolve(process, kid())
    await expect(resolve(startProcess(), old)).rejects.toEqual(invalid)
    await expect(resolve(process, old)).rejects.toEqual(invalid)
  })

  it('replaces a key whose issuer uses its name again', async () => {
    const process = startProcess()
    const old = await resolve(process, kid())
    const successor = makeFakeKey('ES256', { kid: kid() ?? '' })
    issuer.misbehave.jwks = altered(() => ({ keys: [publicJwk(successor)] }))
    clock.advance(5 * MINUTE)
    expect((await resolve(process, kid())).equals(successor.publicKey)).toBe(true)
    expect((await resolve(startProcess(), kid())).equals(old)).toBe(false)
  })

  it('binds a key to an algorithm from the fetch on that says so', async () => {
    issuer.misbehave.jwks = altered(({ keys }) => ({
      keys: (keys as object[]).map((jwk) => ({ ...jwk, alg: undefined })),
    }))
    await resolve(startProcess(), kid())
    issuer.misbehave.jwks = altered(({ keys }) => ({
      keys: (keys as object[]).map((jwk) => ({ ...jwk, alg: 'ES384' })),
    }))
    clock.advance(5 * MINUTE)
    await expect(resolve(startProcess(), kid())).rejects.toEqual(invalid)
    await expect(resolve(startProcess(), kid())).rejects.toEqual(invalid)
  })

  it('is not longer than a day when a clock was wrong', async () => {
    issuer.cacheControl = 'max-age=86400'
    await resolve(startProcess(), kid())
    clock.advance(-3 * 24 * 60 * MINUTE)
    await resolve(startProcess(), kid())
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('leaves no items of keys that vanished', async () => {
    await resolve(startProcess(), kid())
    issuer.rotate()
    clock.advance(5 * MINUTE)
    await resolve(startProcess(), kid())
    const { items } = await store.query(`ISSUERKEY#123456789012#${ownerOf().name}`)
    expect(items.map(({ sk }) => sk).sort()).toEqual([`kid:${kid()}`, 'list'])
  })
})

describe('an unknown key', () => {
  it('is fetched at once after a rotation, by any process', async () => {
    await resolve(startProcess(), kid())
    issuer.rotate()
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('leads to no second fetch within 30 s, whatever its name and process', async () => {
    await resolve(startProcess(), kid())
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(resolve(startProcess(), `guess-${attempt}`)).rejects.toEqual(invalid)
      clock.advance(2_999)
    }
    expect(issuer.fetches.jwks).toBe(2)
    clock.advance(10)
    await expect(resolve(startProcess(), 'guess')).rejects.toEqual(invalid)
    expect(issuer.fetches.jwks).toBe(3)
  })

  it('leads to one fetch when many come at once', async () => {
    const process = startProcess()
    await resolve(process, kid())
    const attempts = Array.from({ length: 50 }, (_, at) => resolve(process, `guess-${at}`))
    for (const attempt of attempts) await expect(attempt).rejects.toEqual(invalid)
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('leads to one fetch when many processes see one at once', async () => {
    await resolve(startProcess(), kid())
    const attempts = Array.from({ length: 10 }, (_, at) =>
      resolve(startProcess(), `guess-${at}`).catch((error) => error.code),
    )
    const codes = new Set(await Promise.all(attempts))
    expect([...codes].every((code) => code === 'InvalidIdentityToken' || code === 'IDPCommunicationError')).toBe(true)
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('does not hold up tokens whose key is known', async () => {
    const process = startProcess()
    await resolve(process, kid())
    issuer.misbehave.jwks = hang
    const stuck = resolve(startProcess(store, guardedFetch({ addresses: 'any', timeoutMs: 200 })), 'guess')
    expect(isKey(await resolve(process, kid()))).toBe(true)
    await expect(stuck).rejects.toEqual(unavailable)
  })

  it('is a reason to come again while another process fetches', async () => {
    await resolve(startProcess(), kid())
    const [list] = issuerKeyLookupKeys('123456789012', ownerOf().name, undefined)
    clock.advance(SECOND)
    await store.update(list, { set: { unknownKeyFetchAt: clock.now() } })
    await expect(resolve(startProcess(), 'guess')).rejects.toEqual(unavailable)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('is refused after the first fetch without a second', async () => {
    await expect(resolve(startProcess(), 'guess')).rejects.toEqual(invalid)
    expect(issuer.fetches.jwks).toBe(1)
  })

  it('of one provider does not cost another its fetch', async () => {
    const other = ownerOf('222222222222')
    await resolve(startProcess(), kid())
    await resolve(startProcess(), kid(), other)
    await expect(resolve(startProcess(), 'guess')).rejects.toEqual(invalid)
    issuer.rotate()
    expect(isKey(await resolve(startProcess(), kid(), other))).toBe(true)
  })
})

describe('an issuer that is down', () => {
  it('without known keys is a reason to come again, and is asked again after a while', async () => {
    issuer.misbehave.discovery = failing
    await expect(resolve(startProcess(), kid())).rejects.toEqual(unavailable)
    delete issuer.misbehave.discovery
    await expect(resolve(startProcess(), kid())).rejects.toEqual(unavailable)
    expect(issuer.fetches.discovery).toBe(1)
    clock.advance(30 * SECOND)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
  })

  it('does not end keys that are known, however stale', async () => {
    await resolve(startProcess(), kid())
    issuer.misbehave.jwks = failing
    for (const pause of [5 * MINUTE, 60 * MINUTE, 48 * 60 * MINUTE]) {
      clock.advance(pause)
      expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
    }
    expect(issuer.fetches.jwks).toBe(4)
  })

  it('is not asked by every request', async () => {
    await resolve(startProcess(), kid())
    clock.advance(5 * MINUTE)
    issuer.misbehave.jwks = failing
    for (let attempt = 0; attempt < 5; attempt++) {
      await resolve(startProcess(), kid())
      await expect(resolve(startProcess(), 'guess')).rejects.toEqual(unavailable)
    }
    expect(issuer.fetches.jwks).toBe(2)
  })

  it('tells the next token of an unknown key as much, for 30 s', async () => {
    await resolve(startProcess(), kid())
    issuer.misbehave.jwks = failing
    for (const pause of [0, 9 * SECOND, 20 * SECOND]) {
      clock.advance(pause)
      await expect(resolve(startProcess(), 'guess')).rejects.toEqual(unavailable)
    }
    expect(issuer.fetches.jwks).toBe(2)
    delete issuer.misbehave.jwks
    clock.advance(SECOND)
    await expect(resolve(startProcess(), 'guess')).rejects.toEqual(invalid)
    expect(issuer.fetches.jwks).toBe(3)
  })

  it('comes back with its new keys', async () => {
    const old = kid()
    await resolve(startProcess(), old)
    issuer.misbehave.jwks = failing
    clock.advance(10 * MINUTE)
    await resolve(startProcess(), old)
    issuer.rotate()
    delete issuer.misbehave.jwks
    clock.advance(30 * SECOND)
    await expect(resolve(startProcess(), old)).rejects.toEqual(invalid)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
  })

  it('is forgiven once it has answered', async () => {
    await resolve(startProcess(), kid())
    issuer.misbehave.jwks = failing
    clock.advance(5 * MINUTE)
    await resolve(startProcess(), kid())
    delete issuer.misbehave.jwks
    clock.advance(10 * SECOND)
    await resolve(startProcess(), kid())
    clock.advance(SECOND)
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(resolve(startProcess(), 'guess')).rejects.toEqual(invalid)
  })

  it('is down as well when its documents cannot be used', async () => {
    issuer.misbehave.discovery = altered((document) => ({ ...document, issuer: 'https://evil.example' }))
    await expect(resolve(startProcess(), kid())).rejects.toEqual(unavailable)
  })

  it('is asked nothing for a lost item while it fails', async () => {
    await resolve(startProcess(), kid())
    issuer.misbehave.jwks = failing
    clock.advance(5 * MINUTE)
    await resolve(startProcess(), kid())
    const [, key] = issuerKeyLookupKeys('123456789012', ownerOf().name, kid())
    if (key) await store.remove(key)
    await expect(resolve(startProcess(), kid())).rejects.toEqual(unavailable)
    expect(issuer.fetches.jwks).toBe(2)
  })
})

describe('a store that cannot answer', () => {
  it('is never taken for an issuer without keys', async () => {
    const process = startProcess()
    await resolve(process, kid())
    clock.advance(5 * MINUTE)
    const items = await store.getMany(issuerKeyLookupKeys('123456789012', ownerOf().name, kid()))
    await store.close()
    const request = { owner: ownerOf(), kid: kid(), algorithm: 'ES256' as const, items }
    await expect(resolveVerificationKey(process, request)).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(process.flights.size).toBe(0)
  })
})

describe('a slow fetch', () => {
  it('does not replace what a later one brought', async () => {
    await resolve(startProcess(), kid())
    clock.advance(5 * MINUTE)
    const guarded = guardedFetch({ addresses: 'any' })
    // While this process waits for its answer, the issuer rotates and another process fetches.
    let overtaken = false
    const slow = startProcess(store, async (url, options) => {
      const answer = await guarded(url, options)
      if (url.pathname === '/jwks' && !overtaken) {
        overtaken = true
        issuer.rotate()
        await resolve(startProcess(), kid())
      }
      return answer
    })
    const old = kid()
    await resolve(slow, old)
    await expect(resolve(startProcess(), old)).rejects.toEqual(invalid)
    expect(isKey(await resolve(startProcess(), kid()))).toBe(true)
  })
})
