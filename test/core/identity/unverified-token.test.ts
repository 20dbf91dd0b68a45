import { parseUnverifiedJws, parseUnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import { describe, expect, it } from 'vitest'
import { base64url } from '../../support/fake-issuer.ts'

const CLAIMS = '{"iss":"https://issuer.example","sub":"s"}'
const token = (header: object | string = { alg: 'RS256' }, payload: string | Buffer = CLAIMS, signature = 'c2ln') =>
  `${base64url(typeof header === 'string' ? header : JSON.stringify(header))}.${base64url(payload)}.${signature}`
const refusal = expect.objectContaining({ code: 'InvalidIdentityToken' })
const honest = token()
const [header = '', payload = ''] = honest.split('.')

/** The same bytes, spelt with other unused bits in the last character. */
const otherSpelling = (part: string) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1) ?? '') + 1]
}

describe('a token that nobody has verified', () => {
  it('is split into what it claims and what was signed', () => {
    const parsed = parseUnverifiedToken(token({ alg: 'ES256', kid: 'k1', typ: 'JWT' }))
    expect(parsed).toMatchObject({
      claimedAlgorithm: 'ES256',
      claimedKeyId: 'k1',
      claimedIssuer: 'https://issuer.example',
    })
    expect(parsed.unverifiedClaims).toEqual(JSON.parse(CLAIMS))
    expect([String(parsed.signature), String(parsed.unverifiedPayload)]).toEqual(['sig', CLAIMS])
    expect(String(parsed.signingInput)).toBe(token({ alg: 'ES256', kid: 'k1', typ: 'JWT' }).replace(/\.[^.]*$/, ''))
  })

  it.each([['\n'], ['\r\n'], [' '], ['\t\n\n']])('may end in white space, as token files do: %j', (space) => {
    expect(parseUnverifiedToken(honest + space)).toEqual(parseUnverifiedToken(honest))
    expect(parseUnverifiedToken(space + honest)).toEqual(parseUnverifiedToken(honest))
  })

  it.each([
    ['a type', { alg: 'RS256', typ: 'JWT' }],
    ['the type of an access token', { alg: 'RS256', typ: 'at+jwt' }],
    ['the long type of an access token', { alg: 'RS256', typ: 'application/at+jwt' }],
    ['a content type', { alg: 'RS256', cty: 'json' }],
    [
      'key material, which nobody looks at',
      { alg: 'RS256', jwk: {}, jku: 'https://evil.example', x5c: [], x5u: 'https://evil.example' },
    ],
    ['an unknown algorithm, which is refused later', { alg: 'ES256K' }],
    ['an empty key id', { alg: 'RS256', kid: '' }],
  ])('may have %s in its header', (_what, header) => expect(() => parseUnverifiedToken(token(header))).not.toThrow())

  it.each([
    ['crit', { alg: 'RS256', crit: ['exp'] }],
    ['an empty crit', { alg: 'RS256', crit: [] }],
    ['an unencoded payload', { alg: 'RS256', b64: false }],
    ['an unencoded payload with crit', { alg: 'RS256', b64: false, crit: ['b64'] }],
    ['b64 at all', { alg: 'RS256', b64: true }],
    ['an encryption', { alg: 'RSA-OAEP', enc: 'A256GCM' }],
    ['no algorithm', {}],
    ['an algorithm that is no string', { alg: ['RS256'] }],
    ['a null algorithm', { alg: null }],
    ['the algorithm none', { alg: 'none' }],
    ['the algorithm None', { alg: 'None' }],
    ['the algorithm nOnE', { alg: 'nOnE' }],
    ['HS256', { alg: 'HS256' }],
    ['HS384', { alg: 'HS384' }],
    ['HS512', { alg: 'HS512' }],
    ['hs256', { alg: 'hs256' }],
    ['a key id that is a number', { alg: 'RS256', kid: 1 }],
    ['a null key id', { alg: 'RS256', kid: null }],
    ['a nested token', { alg: 'RS256', cty: 'JWT' }],
    ['a nested token, long', { alg: 'RS256', cty: 'application/jwt' }],
    ['a content type that is no string', { alg: 'RS256', cty: 1 }],
    ['a type that is no string', { alg: 'RS256', typ: 1 }],
    ['the type of a logout token', { alg: 'RS256', typ: 'logout+jwt' }],
    ['the type of a logout token, long', { alg: 'RS256', typ: 'Application/Logout+JWT' }],
    ['the type of a proof of possession', { alg: 'RS256', typ: 'dpop+jwt' }],
    ['the type of a security event', { alg: 'RS256', typ: 'secevent+jwt' }],
    ['an algorithm twice', '{"alg":"RS256","alg":"none"}'],
    ['an algorithm twice, once escaped', '{"alg":"RS256","\\u0061lg":"none"}'],
    ['a list', '["alg","RS256"]'],
    ['null', 'null'],
    ['no JSON', 'alg=RS256'],
    ['a byte order mark', '\ufeff{"alg":"RS256"}'],
  ])('is refused with %s in its header', (_what, header) => {
    expect(() => parseUnverifiedJws(token(header))).toThrow(refusal)
  })

  it.each([
    ['empty', ''],
    ['one word', 'token'],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${honest}.c2ln`],
    ['encrypted', `${honest}.c2ln.c2ln`],
    ['in JSON serialization', JSON.stringify({ protected: header, payload, signature: 'c2ln' })],
    ['padded', `${header}=.${payload}.c2ln`],
    ['padded in the signature', `${header}.${payload}.c2k=`],
    ['in the other alphabet', `${header}.${payload}.-_+/`],
    ['broken by a space', `${header}. ${payload}.c2ln`],
    ['broken by a line', `${header}.\n${payload}.c2ln`],
    ['broken by a foreign character', `${header}.${payload}.c2ln\u00e9`],
    ['cut in its signature', `${header}.${payload}.c`],
    ['spelt in another way in its signature', `${header}.${payload}.${otherSpelling('c2k')}`],
    ['spelt in another way in its payload', `${header}.${otherSpelling(base64url('{}'))}.c2ln`],
  ])('is refused when it is %s', (_what, text) => expect(() => parseUnverifiedJws(text)).toThrow(refusal))

  it('may have 20,000 characters and no more', () => {
    const filled = (length: number) => `${header}.${payload}.${'A'.repeat(length - header.length - payload.length - 2)}`
    expect(parseUnverifiedJws(`${filled(20_000)}\n`).signature.length).toBeGreaterThan(14_000)
    expect(() => parseUnverifiedJws(filled(20_004))).toThrow(/longer than 20000 characters/)
  })

  it.each([
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['a claim twice', '{"iss":"https://a.example","iss":"https://b.example"}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['no issuer', '{"sub":"s"}'],
    ['an empty issuer', '{"iss":""}'],
    ['a list of issuers', '{"iss":["https://issuer.example"]}'],
    ['an inherited issuer', '{"__proto__":{"iss":"https://issuer.example"}}'],
  ])('is no identity token when its payload is %s', (_what, payload) => {
    expect(() => parseUnverifiedToken(token(undefined, payload))).toThrow(refusal)
  })

  it('is never repeated in a refusal', () => {
    const secret = base64url('{"alg":"none","x":"SECRET"}')
    try {
      parseUnverifiedToken(`${secret}.${secret}.SECRET`)
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toMatch(/SECRET|eyJ/)
    }
  })
})
