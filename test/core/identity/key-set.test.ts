import { generateKeyPairSync } from 'node:crypto'
import type { Algorithm } from '@daypass/core/identity/algorithms.ts'
import { parseKeySet, selectKey, UnusableKeySet } from '@daypass/core/identity/key-set.ts'
import { type PublicJwk, thumbprint } from '@daypass/core/identity/public-jwk.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { describe, expect, it } from 'vitest'
import { type FakeAlgorithm, makeFakeKey, publicJwk } from '../../support/fake-issuer.ts'

const rsa = makeFakeKey('RS256', { kid: 'rsa' })
const ec = makeFakeKey('ES256', { kid: 'ec' })
const ed = makeFakeKey('EdDSA', { kid: 'ed' })
const [RSA, EC, ED] = [publicJwk(rsa), publicJwk(ec), publicJwk(ed)]
const parse = (...keys: unknown[]) => parseKeySet(Buffer.from(JSON.stringify({ keys })))
const without = (jwk: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))

/** A modulus with ROCA's fingerprint: 65537 to some power modulo every prime of the product, plus a multiple of it. */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
]
function rocaModulus(): string {
  const product = PRIMES.reduce((sum, prime) => sum * BigInt(prime), 2n)
  let power = 1n
  for (let round = 0; round < 41; round++) power = (power * 65537n) % product
  const modulus = power + product * ((1n << 2047n) / product + 1n)
  return Buffer.from(modulus.toString(16).padStart(512, '0'), 'hex').toString('base64url')
}

describe('a published key', () => {
  it.each([
    ['an RSA key', RSA],
    ['an EC key', EC],
    ['an Ed25519 key', ED],
    ['a P-384 key', publicJwk(makeFakeKey('ES384'))],
    ['a P-521 key', publicJwk(makeFakeKey('ES512'))],
    ['a name of 1,024 characters', { ...RSA, kid: 'k'.repeat(1024) }],
    ['one without use', without(RSA, 'use')],
    ['one without alg', without(RSA, 'alg')],
    ['one without kid', without(RSA, 'kid')],
    ['one that may verify', { ...without(RSA, 'use'), key_ops: ['verify'] }],
    ['one that may verify and sign', { ...RSA, key_ops: ['sign', 'verify'] }],
    [
      'one with a certificate, which nobody looks at',
      { ...RSA, x5c: ['junk'], x5u: 'https://evil.example', x5t: 'junk' },
    ],
  ])('is used when it is %s', (_what, jwk) => expect(parse(jwk)).toHaveLength(1))

  it.each([
    ['with a name of 1,025 characters', { ...RSA, kid: 'k'.repeat(1025) }],
    ['for encryption', { ...RSA, use: 'enc' }],
    ['for an unknown use', { ...RSA, use: 'SIG' }],
    ['for a use that is no string', { ...RSA, use: ['sig'] }],
    ['for encryption by its operations', { ...without(RSA, 'use'), key_ops: ['encrypt'] }],
    ['for signing only', { ...RSA, key_ops: ['sign'] }],
    ['for no operation', { ...RSA, key_ops: [] }],
    ['for an operation that is no list', { ...RSA, key_ops: 'verify' }],
    ['of an unknown kind', { ...RSA, kty: 'PQ' }],
    ['of no kind', without(RSA, 'kty')],
    ['an RSA key of 1,024 bits', publicJwk(makeFakeKey('RS256', { modulusLength: 1024 }))],
    ['an RSA key of 2,040 bits', publicJwk(makeFakeKey('RS256', { modulusLength: 2040 }))],
    ['an RSA key of absurd length', { ...RSA, n: Buffer.alloc(1025, 0xff).toString('base64url') }],
    ['an RSA key with exponent 1', { ...RSA, e: 'AQ' }],
    ['an RSA key with exponent 2', { ...RSA, e: 'Ag' }],
    ['an RSA key with an even exponent', { ...RSA, e: 'AQAA' }],
    ['an RSA key with an even modulus', { ...RSA, n: Buffer.alloc(256, 0xfe).toString('base64url') }],
    ['an RSA key that can be factored (ROCA)', { ...RSA, n: rocaModulus() }],
    ['an RSA key without a modulus', without(RSA, 'n')],
    ['an RSA key with a modulus that is no string', { ...RSA, n: 5 }],
    ['an RSA key whose private part is published', { ...RSA, ...rsa.privateKey.export({ format: 'jwk' }) }],
    ['an EC key whose private part is published', { ...EC, ...ec.privateKey.export({ format: 'jwk' }) }],
    ['an EC key with a point off the curve', { ...EC, y: EC.x }],
    ['an EC key on a curve of another size', { ...EC, crv: 'P-384' }],
    [
      'an EC key on a curve of Bitcoin',
      {
        ...generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' }),
        use: 'sig',
        alg: 'ES256',
      },
    ],
    ['an EC key without a point', without(EC, 'y')],
    ['padded', { ...EC, x: `${EC.x}=` }],
    ['a key for key agreement', { ...generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }), alg: 'EdDSA' }],
    ['a key whose kid is a number', { ...RSA, kid: 1 }],
    ['a key whose alg is a list', { ...RSA, alg: ['RS256'] }],
    ['only a certificate', { kty: 'RSA', kid: 'x', x5c: ['junk'] }],
    ['a string', 'key'],
    ['null', null],
  ])('is left out when it is %s, and its neighbour stays', (_what, jwk) => {
    const neighbour = publicJwk(makeFakeKey('ES256'))
    const usable = parse(jwk, neighbour).filter((key) =>
      selectKey([key], key.jwk.kid, (key.jwk.alg ?? 'RS256') as Algorithm),
    )
    expect(usable.map((key) => key.jwk.kid)).toEqual([neighbour.kid])
  })

  it('shows nothing but its public members', () => {
    expect(parse({ ...RSA, x5c: ['junk'], comment: 'hello' })[0]?.jwk).toEqual({
      kty: 'RSA',
      kid: 'rsa',
      alg: 'RS256',
      n: RSA.n,
      e: RSA.e,
    })
  })

  it('is named by the thumbprint of RFC 7638, section 3.1', () => {
    const jwk: PublicJwk = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    }
    expect(thumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })
})

describe('a key set', () => {
  it.each([
    ['no JSON', 'keys'],
    ['a list', '[]'],
    ['without keys', '{}'],
    ['with keys that are no list', '{"keys":{}}'],
    ['with its keys twice', '{"keys":[],"keys":[]}'],
  ])('is refused when it is %s', (_what, text) => expect(() => parseKeySet(Buffer.from(text))).toThrow(UnusableKeySet))

  it.each([
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', kid: 'x' }],
    ['a symmetric key that is empty', { kty: 'oct', kid: 'x' }],
    ['a symmetric key for encryption', { kty: 'oct', k: 'c2VjcmV0', use: 'enc' }],
    ['a symmetric member in another key', { ...RSA, k: 'c2VjcmV0' }],
  ])('is refused whole when it has %s', (_what, jwk) => expect(() => parse(EC, jwk)).toThrow(/symmetric/))

  it('may have 100 keys, used or not, and no more', () => {
    const unknown = Array.from({ length: 99 }, () => ({ kty: 'PQ' }))
    expect(parse(EC, ...unknown)).toHaveLength(1)
    expect(() => parse(EC, ...unknown, { kty: 'PQ' })).toThrow(/more than 100/)
  })

  it('may have 1 MiB and no more', () => {
    const text = JSON.stringify({ keys: [EC] })
    expect(parseKeySet(Buffer.from(text.padEnd(1024 * 1024)))).toHaveLength(1)
    expect(() => parseKeySet(Buffer.from(text.padEnd(1024 * 1024 + 1)))).toThrow(/1 MiB/)
  })

  it('drops both of two keys with one kid, and keeps the others', () => {
    expect(parse({ ...RSA, kid: 'ec' }, EC, ED).map(({ jwk }) => jwk.kid)).toEqual(['ed'])
  })

  it('takes the same key twice for one', () => expect(parse(EC, { ...EC, x5t: 'other' })).toHaveLength(1))

  it('takes one key for two algorithms under one kid for ambiguous', () => {
    expect(parse(RSA, { ...RSA, alg: 'RS512' })).toHaveLength(0)
  })

  it('does not count keys for encryption when names clash', () => {
    expect(parse(RSA, { ...EC, kid: 'rsa', use: 'enc' }).map(({ jwk }) => jwk.kty)).toEqual(['RSA'])
  })
})

describe('the key that a token means', () => {
  const keys = parse(RSA, EC, ED)
  const kidOf = (kid: string | undefined, alg: Algorithm, set = keys) => selectKey(set, kid, alg)?.jwk.kid

  it.each([
    ['rsa', 'RS256'],
    ['ec', 'ES256'],
    ['ed', 'EdDSA'],
  ] as const)('is found by its kid %s for %s', (kid, alg) => expect(kidOf(kid, alg)).toBe(kid))

  it.each([
    ['an unknown kid', 'other', 'RS256'],
    ['a kid in another case', 'RSA', 'RS256'],
    ['an empty kid', '', 'RS256'],
    ['another algorithm than its own', 'rsa', 'RS512'],
    ['PSS with a key for PKCS #1', 'rsa', 'PS256'],
    ['RSA with an EC key', 'ec', 'RS256'],
    ['EC with an RSA key', 'rsa', 'ES256'],
    ['EdDSA with an EC key', 'ec', 'EdDSA'],
    ['another curve', 'ec', 'ES384'],
  ] as const)('does not exist for %s', (_what, kid, alg) => expect(kidOf(kid, alg)).toBeUndefined())

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const)(
    'may be any RSA key that is not bound, for %s',
    (alg) => {
      expect(kidOf('rsa', alg, parse(without(RSA, 'alg')))).toBe('rsa')
    },
  )

  it.each([
    ['ES384', 'ES256'],
    ['ES512', 'ES384'],
    ['ES256', 'ES512'],
  ] as const satisfies readonly (readonly [FakeAlgorithm, Algorithm])[])(
    'never has the curve of %s for %s',
    (curve, alg) => {
      const jwk = { ...publicJwk(makeFakeKey(curve, { kid: 'k' })), alg: undefined }
      expect(kidOf('k', curve, parse(jwk))).toBe('k')
      expect(kidOf('k', alg, parse(jwk))).toBeUndefined()
    },
  )

  it.each([
    [RSA, 'ES256'],
    [RSA, 'EdDSA'],
    [EC, 'PS256'],
    [EC, 'EdDSA'],
    [ED, 'RS256'],
    [ED, 'ES256'],
  ] as const)('is of the right type even when it is not bound: %o for %s', (jwk, alg) => {
    expect(kidOf(String(jwk.kid), alg, parse(without(jwk, 'alg')))).toBeUndefined()
  })

  it('is the only one that fits, for a token without kid', () => expect(kidOf(undefined, 'ES256')).toBe('ec'))

  it('does not exist for a token without kid when several fit, or none', () => {
    const other = publicJwk(makeFakeKey('ES256'))
    expect(kidOf(undefined, 'ES256', parse(EC, other))).toBeUndefined()
    expect(kidOf(undefined, 'ES384')).toBeUndefined()
  })

  it('has no name when its set gives none, and then no token can name it', () => {
    const set = parse(without(EC, 'kid'))
    expect(selectKey(set, undefined, 'ES256')).toBe(set[0])
    expect(selectKey(set, 'ec', 'ES256')).toBeUndefined()
  })
})

describe('the memory of imported keys', () => {
  it('forgets the key that was used least lately', () => {
    const imported = new ImportedKeys(2)
    imported.remember('a', rsa.publicKey)
    imported.remember('b', ec.publicKey)
    expect(imported.find('a')).toBe(rsa.publicKey)
    imported.remember('c', ed.publicKey)
    expect([imported.find('a'), imported.find('b'), imported.find('c')]).toEqual([
      rsa.publicKey,
      undefined,
      ed.publicKey,
    ])
  })
})
