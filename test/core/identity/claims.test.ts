import { type ClaimRules, verifyClaims } from '@daypass/core/identity/claims.ts'
import type { JsonObject } from '@daypass/core/identity/strict-json.ts'
import { describe, expect, it } from 'vitest'

const NOW = 1_767_225_600
const ISSUER = 'https://issuer.example/realms/demo'
const CLAIMS = { iss: ISSUER, sub: 'alice', aud: 'app', exp: NOW + 600 }
const RULES: ClaimRules = {
  issuer: ISSUER,
  audiences: ['app', 'cli'],
  sharedIssuer: false,
  subject: 'sub',
  now: NOW * 1000,
}

/** A claim set to `undefined` is taken away. */
const verify = (claims: object = {}, rules: Partial<ClaimRules> = {}) =>
  verifyClaims(JSON.parse(JSON.stringify({ ...CLAIMS, ...claims })) as JsonObject, { ...RULES, ...rules })
const flaw = (code: string) => expect.objectContaining({ code })
const invalid = flaw('InvalidIdentityToken')

describe('the time of a token', () => {
  it.each([
    ['expires in a second', { exp: NOW + 1 }],
    ['expires in a fraction of a second', { exp: NOW + 0.5 }],
    ['expires in a thousand years', { exp: NOW + 31_536_000_000 }],
    ['begins now', { nbf: NOW }],
    ['begins in a minute', { nbf: NOW + 60 }],
    ['was issued long ago', { iat: 0 }],
    ['is issued in a minute', { iat: NOW + 60 }],
    ['does not say when it was issued', { iat: undefined }],
    ['has fractions', { nbf: NOW - 0.5, iat: NOW - 1.25 }],
  ])('is right when it %s', (_what, claims) => expect(verify(claims).subject).toBe('alice'))

  it.each([
    ['expires this very second', { exp: NOW }],
    ['expired a second ago', { exp: NOW - 1 }],
    ['expired a fraction of a second ago', { exp: NOW - 0.001 }],
    ['expired at the epoch', { exp: 0 }],
    ['expired before it', { exp: -1 }],
  ])('is over when it %s', (_what, claims) => expect(() => verify(claims)).toThrow(flaw('ExpiredTokenException')))

  it('is over to the millisecond', () => {
    expect(verify({ exp: NOW + 1 }, { now: NOW * 1000 + 999 })).toBeDefined()
    expect(() => verify({ exp: NOW + 1 }, { now: NOW * 1000 + 1000 })).toThrow(flaw('ExpiredTokenException'))
  })

  it.each([
    ['never expires', { exp: undefined }],
    ['expires at null', { exp: null }],
    ['expires at a text', { exp: String(NOW + 600) }],
    ['expires at a list', { exp: [NOW + 600] }],
    ['expires at true', { exp: true }],
    ['begins in over a minute', { nbf: NOW + 61 }],
    ['begins a fraction over a minute from now', { nbf: NOW + 60.001 }],
    ['begins at a text', { nbf: '0' }],
    ['begins at null', { nbf: null }],
    ['is issued in over a minute', { iat: NOW + 61 }],
    ['was issued at a text', { iat: '0' }],
    ['was issued at null', { iat: null }],
  ])('is wrong when it %s', (_what, claims) => expect(() => verify(claims)).toThrow(invalid))
})

describe('the issuer of a token', () => {
  it.each([
    ['another', 'https://evil.example'],
    ['one with a slash more', `${ISSUER}/`],
    ['one with a path more', `${ISSUER}/x`],
    ['a part of it', ISSUER.slice(0, -1)],
    ['one in capitals', ISSUER.toUpperCase()],
    ['one by another scheme', ISSUER.replace('https', 'http')],
    ['one without a scheme', ISSUER.replace('https://', '')],
    ['one with a port', ISSUER.replace('example', 'example:443')],
    ['a list', [ISSUER]],
    ['none', undefined],
  ])('is not %s', (_what, iss) => expect(() => verify({ iss })).toThrow(invalid))

  it('has a slash when it was registered so', () => {
    expect(verify({ iss: `${ISSUER}/` }, { issuer: `${ISSUER}/` }).issuer).toBe(`${ISSUER}/`)
    expect(() => verify({}, { issuer: `${ISSUER}/` })).toThrow(invalid)
  })
})

describe('the subject of a token', () => {
  it('is its sub', () =>
    expect(verify({ sub: 'system:serviceaccount:ns:name' }).subject).toBe('system:serviceaccount:ns:name'))

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['a number', 7],
    ['null', null],
    ['a list', ['alice']],
    ['longer than 1,024 characters', 'a'.repeat(1025)],
    ['with a NUL', 'a\u0000b'],
    ['with a newline', 'alice\n'],
    ['with a DEL', 'a\u007fb'],
    ['with a control character of Latin-1', 'a\u0085b'],
    ['with what is no character', 'a\uffffb'],
  ])('is not %s', (_what, sub) => expect(() => verify({ sub, azp: 'app' })).toThrow(invalid))

  it.each(['a'.repeat(1024), ' ', 'auth0|5f7c8ec7c33c6c004bbafe82', '../x', '<a>&', 'Пользователь', '😀', '\u202e'])(
    'may be %j',
    (sub) => expect(verify({ sub }).subject).toBe(sub),
  )

  it.each([
    ['sub first', { azp: 'app' }, 'alice'],
    ['azp without sub', { sub: undefined, azp: 'app', client_id: 'cli' }, 'app'],
    ['client_id without either', { sub: undefined, client_id: 'cli' }, 'cli'],
  ])('may be a client where that is asked for: %s', (_what, claims, subject) => {
    expect(verify(claims, { subject: 'sub or client' }).subject).toBe(subject)
  })

  it.each([
    ['no claim names it', { sub: undefined }],
    ['sub is empty', { sub: '', azp: 'app' }],
    ['azp is empty', { sub: undefined, azp: '' }],
    ['azp is too long', { sub: undefined, azp: 'a'.repeat(1025) }],
    ['sub has a control character', { sub: '\u001b[2J', azp: 'app' }],
  ])('is refused even then when %s', (_what, claims) => {
    expect(() => verify(claims, { subject: 'sub or client' })).toThrow(invalid)
  })
})

describe('the audience of a token', () => {
  it.each([
    ['its aud', { aud: 'app' }, 'app'],
    ['another client id', { aud: 'cli' }, 'cli'],
    ['one of its aud', { aud: ['account', 'cli'] }, 'cli'],
    ['the first registered of its aud', { aud: ['account', 'cli', 'app'] }, 'cli'],
    ['its azp', { aud: 'account', azp: 'app' }, 'app'],
    ['its azp without aud', { aud: undefined, azp: 'app' }, 'app'],
    ['its client_id', { aud: 'account', client_id: 'cli' }, 'cli'],
    ['its client_id when azp is another', { aud: [], azp: 'other', client_id: 'cli' }, 'cli'],
    ['its aud when azp is another', { aud: 'app', azp: 'other' }, 'app'],
  ])('may be %s', (_what, claims, audience) => expect(verify(claims).audience).toBe(audience))

  it.each([
    ['another', { aud: 'other' }],
    ['a list of others', { aud: ['other', 'account'] }],
    ['none', { aud: undefined }],
    ['an empty list', { aud: [] }],
    ['an empty text', { aud: '' }],
    ['a part of a client id', { aud: 'ap' }],
    ['more than a client id', { aud: 'app2' }],
    ['in capitals', { aud: 'APP' }],
    ['with a space', { aud: 'app ' }],
    ['several in one text', { aud: 'app cli' }],
    ['a number', { aud: 1 }],
    ['null', { aud: null }],
    ['an object', { aud: { app: 'app' } }],
    ['a list with a number', { aud: ['app', 1] }],
    ['a list with a list', { aud: [['app']] }],
    ['a list with an empty text', { aud: ['app', ''] }],
    ['another by azp', { aud: 'other', azp: 'account' }],
    ['an azp that is a list', { aud: 'other', azp: ['app'] }],
    ['an azp that is null', { aud: 'app', azp: null }],
    ['a client_id that is a number', { aud: 'other', client_id: 1 }],
    ['a claim with another name', { aud: 'other', appid: 'app', cid: 'app' }],
  ])('may not be %s', (_what, claims) => expect(() => verify(claims)).toThrow(invalid))

  it('is none of an empty list of client ids', () => expect(() => verify({}, { audiences: [] })).toThrow(invalid))

  it('counts as aud alone when its issuer is shared', () => {
    expect(verify({ aud: 'app', azp: 'other' }, { sharedIssuer: true }).audience).toBe('app')
    expect(() => verify({ aud: 'other', azp: 'app' }, { sharedIssuer: true })).toThrow(invalid)
    expect(() => verify({ aud: 'other', client_id: 'app' }, { sharedIssuer: true })).toThrow(invalid)
    expect(() => verify({ aud: undefined, azp: 'app' }, { sharedIssuer: true })).toThrow(invalid)
  })

  it.each([
    ['its aud', { aud: 'whatever', azp: 'x' }, 'whatever'],
    ['its azp', { aud: undefined, azp: 'x', client_id: 'y' }, 'x'],
    ['absent', { aud: undefined }, undefined],
  ])('may be any where any is accepted, and is then %s', (_what, claims, audience) => {
    expect(verify(claims, { audiences: 'any' }).audience).toBe(audience)
  })

  it('must be well formed even where any is accepted', () => {
    expect(() => verify({ aud: [1] }, { audiences: 'any' })).toThrow(invalid)
    expect(() => verify({ aud: null }, { audiences: 'any' })).toThrow(invalid)
  })
})

it('answers who, for whom and by whom, and nothing that is not there', () => {
  expect(verify({ azp: 'cli' })).toEqual({ issuer: ISSUER, subject: 'alice', audience: 'app', authorizedParty: 'cli' })
  expect(verify()).toEqual({ issuer: ISSUER, subject: 'alice', audience: 'app' })
})

it('never repeats a claim in a refusal', () => {
  for (const claims of [{ iss: 'SECRET' }, { aud: 'SECRET' }, { sub: ['SECRET'] }, { exp: 'SECRET' }]) {
    expect(() => verify(claims)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('SECRET') }))
  }
})
