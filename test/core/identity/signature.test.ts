import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { ALL_ALGORITHMS, type Algorithm } from '@daypass/core/identity/algorithms.ts'
import { verifyCompactJws } from '@daypass/core/identity/compact-jws.ts'
import { parseKeySet } from '@daypass/core/identity/key-set.ts'
import { ecdsaDer, verifySignature } from '@daypass/core/identity/signature.ts'
import { describe, expect, it } from 'vitest'
import { compactJws, makeFakeKey, publicJwk, signJws } from '../../support/fake-issuer.ts'

const input = Buffer.from('header.payload')
const keys = new Map(ALL_ALGORITHMS.map((alg) => [alg, makeFakeKey(alg)]))
const keyFor = (alg: Algorithm) => keys.get(alg) ?? makeFakeKey(alg)
const flipped = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe.each(ALL_ALGORITHMS)('a signature by %s', (alg) => {
  const { publicKey, privateKey } = keyFor(alg)
  const signature = signJws(alg, privateKey, input)

  it('is accepted', () => expect(verifySignature(alg, publicKey, input, signature)).toBe(true))

  it.each([
    ['over other bytes', Buffer.from('header.payloae'), signature],
    ['that is empty', input, Buffer.alloc(0)],
    ['of zeros', input, Buffer.alloc(signature.length)],
    ['cut by a byte', input, signature.subarray(0, -1)],
    ['with a byte more', input, Buffer.concat([signature, Buffer.alloc(1)])],
    ['with a byte more in front', input, Buffer.concat([Buffer.alloc(1), signature])],
    ['with a flipped first bit', input, flipped(signature, 0)],
    ['with a flipped last bit', input, flipped(signature, signature.length - 1)],
  ])('is refused %s', (_what, bytes, wrong) => expect(verifySignature(alg, publicKey, bytes, wrong)).toBe(false))

  it('is refused by another key of the same kind', () => {
    expect(verifySignature(alg, makeFakeKey(alg).publicKey, input, signature)).toBe(false)
  })
})

describe('an RSA signature', () => {
  const key = keyFor('RS256')
  const pss = (saltLength: number, hash = 'sha256') =>
    sign(hash, input, { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })

  it('is bound to its padding', () => {
    expect(verifySignature('PS256', key.publicKey, input, pss(32))).toBe(true)
    expect(verifySignature('PS256', key.publicKey, input, signJws('RS256', key.privateKey, input))).toBe(false)
    expect(verifySignature('RS256', key.publicKey, input, pss(32))).toBe(false)
  })

  it.each([[0], [20], [31], [33], [64], [222]])('needs a salt as long as its hash, not %i bytes', (length) => {
    expect(verifySignature('PS256', key.publicKey, input, pss(length))).toBe(false)
  })

  it.each([
    ['RS256', 'RS384'],
    ['RS512', 'RS256'],
    ['PS256', 'PS512'],
    ['PS384', 'PS256'],
  ] as const)('by %s is none by %s', (made, read) => {
    expect(verifySignature(read, key.publicKey, input, signJws(made, key.privateKey, input))).toBe(false)
  })
})

describe('an ECDSA signature', () => {
  it('in DER, which is no JWS signature, is refused', () => {
    const { publicKey, privateKey } = keyFor('ES256')
    expect(verifySignature('ES256', publicKey, input, sign('sha256', input, privateKey))).toBe(false)
  })

  it.each([
    ['zeros', '00000000', '3006020100020100'],
    ['small numbers', '00010002', '3006020101020102'],
    ['a top bit', '00800081', '30080202008002020081'],
    ['full bytes', 'ffffffff', '300a020300ffff020300ffff'],
    ['no zero too many', '7fff8000', '300902027fff0203008000'],
  ])('becomes the shortest DER: %s', (_what, raw, der) => {
    expect(ecdsaDer(Buffer.from(raw, 'hex'), 2)?.toString('hex')).toBe(der)
  })

  it('has a long form of DER for P-521', () => {
    expect(ecdsaDer(Buffer.alloc(132, 0xff), 66)?.subarray(0, 3).toString('hex')).toBe('30818a')
  })

  it.each([[0], [3], [5], [8]])('of %i bytes is none when 4 are due', (length) => {
    expect(ecdsaDer(Buffer.alloc(length, 1), 2)).toBeUndefined()
  })

  it('of every random kind agrees with Node.js', () => {
    for (const alg of ['ES256', 'ES384', 'ES512'] as const) {
      const { publicKey, privateKey } = keyFor(alg)
      for (let round = 0; round < 50; round++) {
        const bytes = Buffer.from(`round ${round}`)
        expect(verifySignature(alg, publicKey, bytes, signJws(alg, privateKey, bytes))).toBe(true)
      }
    }
  })
})

describe('an EdDSA signature', () => {
  const ed448 = generateKeyPairSync('ed448')

  it('may be by Ed448', () => {
    const signature = sign(null, input, ed448.privateKey)
    expect(verifySignature('EdDSA', ed448.publicKey, input, signature)).toBe(true)
    expect(verifySignature('EdDSA', ed448.publicKey, input, flipped(signature, 3))).toBe(false)
  })

  it('of one curve is none of the other', () => {
    const { publicKey, privateKey } = keyFor('EdDSA')
    expect(verifySignature('EdDSA', publicKey, input, sign(null, input, ed448.privateKey))).toBe(false)
    expect(verifySignature('EdDSA', ed448.publicKey, input, sign(null, input, privateKey))).toBe(false)
  })
})

describe('a compact JWS', () => {
  const key = keyFor('ES256')
  const set = parseKeySet(Buffer.from(JSON.stringify({ keys: [publicJwk(key)] })))
  const header = { alg: 'ES256', kid: key.kid }
  const refusal = expect.objectContaining({ code: 'InvalidIdentityToken' })

  it('gives the payload that was signed', () => {
    expect(String(verifyCompactJws(compactJws(header, 'any bytes', key), set, ['ES256']))).toBe('any bytes')
  })

  it.each([
    ['by a stranger', compactJws(header, 'x', makeFakeKey('ES256'))],
    ['with an unknown kid', compactJws({ ...header, kid: 'other' }, 'x', key)],
    [
      'with a changed header',
      compactJws(header, 'x', key).replace(/^[^.]*/, compactJws({ ...header, x: 1 }, 'x', key).split('.')[0] ?? ''),
    ],
    ['with a changed payload', compactJws(header, 'x', key).replace(/\.[^.]*\./, '.eA0.')],
    ['without a signature', compactJws(header, 'x', key).replace(/[^.]*$/, '')],
    [
      'with key material of its own',
      compactJws({ alg: 'ES256', jwk: publicJwk(makeFakeKey('ES256')), kid: 'other' }, 'x', key),
    ],
  ])('is refused %s', (_what, token) => expect(() => verifyCompactJws(token, set, ['ES256'])).toThrow(refusal))

  it.each([[[]], [['RS256']], [['ES384', 'PS256', 'EdDSA']]] as [Algorithm[]][])(
    'is refused when only %j is allowed',
    (allowed) => {
      expect(() => verifyCompactJws(compactJws(header, 'x', key), set, allowed)).toThrow(/algorithm is not allowed/)
    },
  )

  it.each([['ES256K'], ['RSA'], ['constructor'], ['es256']])(
    'is refused with the algorithm %s, which is none of ours',
    (alg) => {
      expect(() => verifyCompactJws(compactJws({ ...header, alg }, 'x', key), set, ALL_ALGORITHMS)).toThrow(refusal)
    },
  )

  it('is not to be had by taking a public key for a shared secret', () => {
    const privateKey: KeyObject = createPrivateKey(key.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const token = compactJws({ ...header, alg: 'HS256' }, 'x', { ...key, privateKey })
    expect(() => verifyCompactJws(token, set, ALL_ALGORITHMS)).toThrow(refusal)
  })
})
