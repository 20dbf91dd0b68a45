import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { describe, expect, it } from 'vitest'

const withAccount = (account: object) => JSON.stringify({ accounts: [{ id: '000000000000', ...account }] })
const key = (AccessKeyId: string) => ({ AccessKeyId, SecretAccessKey: 'secret' })
const user = (more: object) => withAccount({ users: [{ UserName: 'alice', ...more }] })
const role = (more: object) => withAccount({ roles: [{ RoleName: 'r', AssumeRolePolicyDocument: {}, ...more }] })
const provider = (more: object) => withAccount({ openIdConnectProviders: [{ Url: 'https://a.example', ...more }] })

describe('a bootstrap document', () => {
  it.each([
    ['no accounts', '{"accounts":[]}'],
    ['an account with an empty id', '{"accounts":[{"id":""}]}'],
    ['an account with a Ceph-style id', '{"accounts":[{"id":"RGW_1-a"}]}'],
    ['keys of any form', user({ accessKeys: [{ AccessKeyId: 'minio', SecretAccessKey: 'minio 123!' }] })],
    ['a policy document as text', user({ policies: { p: '{}' } })],
    ['an http provider', provider({ Url: 'http://localhost:8080/auth/realms/demo' })],
    ['a session of twelve hours', role({ MaxSessionDuration: 43_200 })],
    ['a path', role({ Path: '/teams/a/' })],
  ])('with %s is read', (_what, text) => expect(parseBootstrap(text)).toEqual(JSON.parse(text)))

  it.each([
    ['that is no JSON', '{', 'the whole: is not JSON'],
    ['that is a list', '[]', 'the whole: must be an object'],
    ['without accounts', '{}', 'accounts: is missing'],
    ['with a misspelt member', '{"accounts":[],"account":[]}', 'account: is not a member that this version knows'],
    ['with a misspelt member of a user', user({ Policies: {} }), 'accounts[0].users[0].Policies: is not a member'],
    ['with accounts that are no list', '{"accounts":{}}', 'accounts: must be a list'],
    ['with an account without an id', '{"accounts":[{}]}', 'accounts[0].id: is missing'],
    ['with the account id aws', '{"accounts":[{"id":"aws"}]}', 'accounts[0].id: must not be "aws"'],
    ['with a dot in an account id', '{"accounts":[{"id":"a.b"}]}', 'accounts[0].id: must be at most 64'],
    ['with a long account id', `{"accounts":[{"id":"${'a'.repeat(65)}"}]}`, 'accounts[0].id: must be at most 64'],
    ['with an account twice', '{"accounts":[{"id":"a"},{"id":"a"}]}', 'accounts[1].id: stands twice'],
    ['with a user without a name', withAccount({ users: [{}] }), 'users[0].UserName: is missing'],
    ['with a space in a name', withAccount({ users: [{ UserName: 'a b' }] }), 'users[0].UserName: must be 1 to 64'],
    ['with a name of 65 characters', withAccount({ users: [{ UserName: 'a'.repeat(65) }] }), 'must be 1 to 64'],
    ['with a slash in a key id', user({ accessKeys: [key('a/b')] }), 'accessKeys[0].AccessKeyId: must be'],
    ['with a key without a secret', user({ accessKeys: [{ AccessKeyId: 'a' }] }), 'SecretAccessKey: is missing'],
    ['with what is no ARN', user({ attachedPolicies: ['readwrite'] }), 'attachedPolicies[0]: must be an ARN'],
    ['with a policy that is a list', user({ policies: { p: [] } }), 'policies.p: must be a policy document'],
    ['with a path without slashes', role({ Path: 'teams' }), 'Path: must begin and end with /'],
    ['with sessions of 3,599 s', role({ MaxSessionDuration: 3599 }), 'must be a whole number from 3600 to 43200'],
    ['with sessions of 43,201 s', role({ MaxSessionDuration: 43_201 }), 'must be a whole number from 3600 to 43200'],
    ['with an ftp provider', provider({ Url: 'ftp://a.example' }), 'Url: must be an http or https URL'],
    ['with a query in a provider', provider({ Url: 'https://a.example?x' }), 'Url: must be an http or https URL'],
    ['with 101 client ids', provider({ ClientIDList: Array(101).fill('a') }), 'must have at most 100 entries'],
    ['with a short thumbprint', provider({ ThumbprintList: ['ab'] }), 'must be 40 hexadecimal digits'],
    [
      'with a role twice',
      withAccount({
        roles: [
          { RoleName: 'x', AssumeRolePolicyDocument: {} },
          { RoleName: 'X', AssumeRolePolicyDocument: {} },
        ],
      }),
      'roles[1]: has the name of an earlier one',
    ],
    ['with a user twice', withAccount({ users: [{ UserName: 'a' }, { UserName: 'A' }] }), 'users[1]: has the name'],
    [
      'with a group twice',
      withAccount({ groups: [{ GroupName: 'a' }, { GroupName: 'A' }] }),
      'groups[1]: has the name',
    ],
    [
      'with a policy twice',
      withAccount({
        policies: [
          { PolicyName: 'a', PolicyDocument: {} },
          { PolicyName: 'A', PolicyDocument: {} },
        ],
      }),
      'policies[1]: has the name',
    ],
    [
      'with a provider by both schemes',
      withAccount({ openIdConnectProviders: [{ Url: 'http://a.example' }, { Url: 'https://a.example' }] }),
      'openIdConnectProviders[1]: has the name',
    ],
    [
      'with ldapProviders',
      withAccount({ ldapProviders: [] }),
      'ldapProviders: is not a member that this version knows',
    ],
    [
      'with one key id for two users',
      withAccount({
        users: [
          { UserName: 'a', accessKeys: [key('K')] },
          { UserName: 'b', accessKeys: [key('K')] },
        ],
      }),
      'access key id K of user b is also that of user a',
    ],
    [
      'with one key id in two accounts',
      JSON.stringify({
        accounts: [
          { id: 'a', rootAccessKey: key('K') },
          { id: 'b', rootAccessKey: key('K') },
        ],
      }),
      'access key id K of the root is also that of the root of account "a"',
    ],
  ])('%s is refused, and told where', (_flaw, text, message) => {
    expect(() => parseBootstrap(text)).toThrow(
      expect.objectContaining({ name: 'BootstrapError', message: expect.stringContaining(message) }),
    )
  })

  it('that is refused repeats no secret', () => {
    const text = user({ accessKeys: [{ AccessKeyId: 'a/b', SecretAccessKey: 'S3CR3T\u0001' }] })
    expect(() => parseBootstrap(text)).toThrow(/^(?!.*S3CR3T)/s)
  })
})
