import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { JsonObject } from '@daypass/core/identity/strict-json.ts'
import { describe, expect, it } from 'vitest'

const ISSUER = 'localhost:8080/auth/realms/demo'
const claims: JsonObject = JSON.parse(`{
  "sub": "alice", "aud": ["app", "account"], "azp": "web", "client_id": "cli", "app_id": "forged", "oaud": "forged",
  "email_verified": true, "amr": ["mfa", "pwd"], "level": 3, "share": 0.5, "big": 9007199254740993, "nothing": null, "none": [], "mixed": ["a", 1, false, null, {}, ["x"]],
  "realm_access": { "roles": ["reader", "writer"], "owner": { "name": "bob" } },
  "a.b": "flat", "a": { "b": "nested", "c": "only nested" },
  "kubernetes.io": { "namespace": "prod", "pod.name": "p1" },
  "https://example.com/team": "blue", "Department": "R&D", "Twice": 1, "tWice": 2
}`)
const get = (name: string) => claimsContext(ISSUER, claims).get(`${ISSUER}:${name}`)

describe('a condition key of an issuer', () => {
  it.each([
    ['sub', ['alice']],
    ['aud', ['app', 'account']],
    ['oaud', ['app', 'account']],
    ['app_id', ['app', 'account']],
    ['APP_ID', ['app', 'account']],
    ['azp', ['web']],
    ['amr', ['mfa', 'pwd']],
    ['email_verified', ['true']],
    ['level', ['3']],
    ['share', ['0.5']],
    ['none', []],
    ['mixed', ['a', '1', 'false', 'null', '{}', '["x"]']],
    ['big', ['9007199254740992 (rounded)']],
    ['realm_access.owner', ['{"name":"bob"}']],
    ['realm_access.roles', ['reader', 'writer']],
    ['realm_access.owner.name', ['bob']],
    ['a.b', ['flat']],
    ['a.c', ['only nested']],
    ['kubernetes.io.namespace', ['prod']],
    ['kubernetes.io.pod.name', ['p1']],
    ['https://example.com/team', ['blue']],
    ['Department', ['R&D']],
    ['department', ['R&D']],
    ['SUB', ['alice']],
    ['Realm_Access.Roles', ['reader', 'writer']],
    ['Twice', ['1']],
    ['tWice', ['2']],
  ])('%s is %j', (name, values) => expect(get(name)).toEqual(values))

  it.each([
    ['a claim that is not there', 'email'],
    ['a member that is not there', 'realm_access.groups'],
    ['a path into a text', 'sub.length'],
    ['a path into a list', 'amr.0'],
    ['null', 'nothing'],
    ['the prototype', 'constructor'],
    ['the prototype of a member', 'realm_access.constructor.name'],
    ['__proto__', '__proto__'],
    ['a claim whose name is not clear', 'twice'],
    ['nothing', ''],
    ['a dot', '.'],
    ['a path that ends early', 'realm_access.'],
  ])('is absent for %s', (_what, name) => expect(get(name)).toBeUndefined())

  it.each([
    ['another issuer', 'evil.example:sub'],
    ['an issuer of the same length', 'localhost:8080/auth/realms/evil:sub'],
    ['an issuer that begins alike', 'localhost:8080/auth/realms/demo2:sub'],
    ['a part of the issuer', 'localhost:8080/auth/realms:sub'],
    ['a slash more', `${ISSUER}/:sub`],
    ['the host alone', 'localhost:sub'],
    ['a scheme', `http://${ISSUER}:sub`],
    ['no issuer', 'sub'],
    ['the issuer alone', ISSUER],
    ['AWS', 'aws:PrincipalArn'],
  ])('is absent for %s', (_what, key) => expect(claimsContext(ISSUER, claims).get(key)).toBeUndefined())

  it.each(['cognito:groups', 'custom:tenant', 'urn:zitadel:iam:org:id', 'https://example.com/roles'])(
    'has the claim %s, whose name no other provider can end in',
    (name) => expect(claimsContext(ISSUER, { [name]: ['x'] }).get(`${ISSUER}:${name}`)).toEqual(['x']),
  )

  it.each(['8080:sub', '8080/realm:sub', 'other:sub', 'cognito:x:sub', 'custom:a/b', 'xcognito:groups', ':sub'])(
    'has no claim %s, which may be of a provider whose name goes on so',
    (name) => expect(claimsContext('localhost', { [name]: ['x'] }).get(`localhost:${name}`)).toBeUndefined(),
  )

  it('has an issuer without regard to case', () => {
    expect(claimsContext(ISSUER, claims).get(`${ISSUER.toUpperCase()}:sub`)).toEqual(['alice'])
  })

  it.each([
    ['a single audience', { aud: 'app' }, ['app']],
    ['the client without aud', { azp: 'web', client_id: 'cli' }, ['web', 'cli']],
    ['the client once', { azp: 'web', client_id: 'web' }, ['web']],
    ['absent without any', { sub: 'x', app_id: 'forged' }, undefined],
  ] as [string, JsonObject, string[] | undefined][])('app_id is %s', (_what, token, values) => {
    expect(claimsContext(ISSUER, token).get(`${ISSUER}:app_id`)).toEqual(values)
  })

  it('oaud is absent without aud', () => {
    expect(claimsContext(ISSUER, { oaud: 'forged' }).get(`${ISSUER}:oaud`)).toBeUndefined()
  })
})
