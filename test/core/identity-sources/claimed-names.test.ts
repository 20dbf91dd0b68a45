import type { JsonObject } from '@daypass/core/identity/strict-json.ts'
import { keptJwtClaims } from '@daypass/core/identity-sources/claim-keys.ts'
import { claimedNames } from '@daypass/core/identity-sources/claimed-names.ts'
import type { OpenIdSource } from '@daypass/core/identity-sources/openid-source.ts'
import { describe, expect, it } from 'vitest'

const source: OpenIdSource = {
  name: 'default',
  account: '',
  keySource: { kind: 'jwks', url: 'https://idp.example/jwks' },
  claimName: 'policy',
  claimPrefix: '',
  claimUserinfo: false,
  scopes: [],
}
const proto = JSON.parse('{"__proto__": {"policy": "readwrite"}}') as JsonObject

describe('the names in a token', () => {
  it.each<[string, JsonObject, Partial<OpenIdSource>, readonly string[]]>([
    ['a string', { policy: 'a' }, {}, ['a']],
    ['a comma list', { policy: ' a, b ,,c ' }, {}, ['a', 'b', 'c']],
    ['a list', { policy: ['a', 'b'] }, {}, ['a', 'b']],
    ['a list of comma lists', { policy: ['a,b', 'b, c'] }, {}, ['a', 'b', 'c']],
    ['a list with what is no string', { policy: ['a', 7, null, { b: 'c' }, ['d'], true] }, {}, ['a']],
    ['nothing', {}, {}, []],
    ['an empty string', { policy: '' }, {}, []],
    ['commas alone', { policy: ' , ,' }, {}, []],
    ['a number', { policy: 7 }, {}, []],
    ['true', { policy: true }, {}, []],
    ['null', { policy: null }, {}, []],
    ['an object', { policy: { name: 'a' } }, {}, []],
    ['a claim of another case', { Policy: 'a', POLICY: 'b' }, {}, []],
    ['a claim of a prototype', proto, {}, []],
    ['another claim', { roles: 'a', policy: 'b' }, { claimName: 'roles' }, ['a']],
    ['a prefixed claim', { 'c1/policy': 'a', policy: 'b' }, { claimPrefix: 'c1/' }, ['a']],
    ['a claim without the prefix', { policy: 'b' }, { claimPrefix: 'c1/' }, []],
    ['a claim with another prefix', { 'c2/policy': 'b' }, { claimPrefix: 'c1/' }, []],
    ['a nested claim', { realm_access: { roles: ['a'] } }, { claimName: 'realm_access.roles' }, ['a']],
    ['a deeply nested claim', { a: { b: { c: 'x' } } }, { claimName: 'a.b.c' }, ['x']],
    [
      'a nested claim whose name has dots',
      { r: { 'my.app': { roles: ['a'] } } },
      { claimName: 'r.my.app.roles' },
      ['a'],
    ],
    ['a claim of the very name before a nested one', { 'a.b': 'x', a: { b: 'y' } }, { claimName: 'a.b' }, ['x']],
    ['a URL’s claim', { 'https://min.io/policy': 'a' }, { claimName: 'https://min.io/policy' }, ['a']],
    ['a path that does not exist', { a: { c: 'x' } }, { claimName: 'a.b' }, []],
    ['a path through a string', { a: 'b' }, { claimName: 'a.b' }, []],
    ['a path through a list', { a: [{ b: 'x' }] }, { claimName: 'a.b' }, []],
    ['a path through null', { a: null }, { claimName: 'a.b' }, []],
    ['a path through a list by number', { a: ['x'] }, { claimName: 'a.0' }, []],
    ['a path to a method', { a: {} }, { claimName: 'a.constructor.name' }, []],
    ['a path to a length', { a: 'xyz' }, { claimName: 'a.length' }, []],
    ['a role policy, whatever is claimed', { policy: 'a' }, { rolePolicy: ['r1', 'r2'] }, ['r1', 'r2']],
  ])('are policies of %s', (_what, claims, settings, expected) => {
    expect(claimedNames(claims, { ...source, ...settings }).policies).toEqual(expected)
  })

  it.each<[string, JsonObject, Partial<OpenIdSource>, readonly string[]]>([
    ['a list', { groups: ['a', 'b', 'a'] }, {}, ['a', 'b']],
    ['a string', { groups: 'a' }, {}, ['a']],
    ['a string with commas, which is one name', { groups: 'a,b' }, {}, ['a,b']],
    ['Keycloak’s paths of the top level', { groups: ['/a', '/b/c'] }, {}, ['a', '/b/c']],
    ['no claim', {}, {}, []],
    ['what is no string', { groups: [1, {}] }, {}, []],
    ['a claim that names policies', { groups: ['a'] }, { claimName: 'groups' }, []],
    ['a source with a role policy', { groups: ['a'] }, { rolePolicy: ['r'] }, []],
  ])('are groups of %s', (_what, claims, settings, expected) => {
    expect(claimedNames(claims, { ...source, ...settings }).groups).toEqual(expected)
  })
})

describe('the claims that policies may refer to', () => {
  it('are those that MinIO documents, lists included', () => {
    const claims = {
      sub: 's',
      aud: ['a', 'b'],
      email: 'e@x',
      groups: ['g'],
      scope: 'openid',
      address: { formatted: 'x' },
    }
    expect(keptJwtClaims({ ...claims, policy: 'p', exp: 1, roles: ['r'], 'aws:userid': 'root', azp: 'c' })).toEqual({
      sub: ['s'],
      aud: ['a', 'b'],
      email: ['e@x'],
      groups: ['g'],
      scope: ['openid'],
      address: ['{"formatted":"x"}'],
    })
  })

  it('take 8 KiB at most, and a token with more is refused rather than cut', () => {
    const room = 8 * 1024 - 'name'.length
    expect(keptJwtClaims({ name: 'n'.repeat(room) }).name?.[0]).toHaveLength(room)
    expect(() => keptJwtClaims({ name: 'n'.repeat(room + 1) })).toThrow(
      expect.objectContaining({ code: 'InvalidIdentityToken' }),
    )
    expect(() => keptJwtClaims({ name: 'é'.repeat(room / 2 + 1) })).toThrow('8 KiB')
    expect(() => keptJwtClaims({ groups: Array.from({ length: 900 }, () => '0123456789') })).toThrow('8 KiB')
    expect(keptJwtClaims({ ignored: 'n'.repeat(20_000) })).toEqual({})
  })
})
