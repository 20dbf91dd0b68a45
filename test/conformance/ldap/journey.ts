import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { buildGoClients } from '../keycloak/go-clients.ts'
import type { Secrets } from '../shared/secrets.ts'
import { stsOf } from '../shared/sts.ts'

const ACTION = 'AssumeRoleWithLDAPIdentity'
const PEOPLE = 'ou=people,dc=example,dc=org'
const ACCOUNT = '000000000000'

/** IAM groups by DN and by CN, with what no IAM name can hold escaped; a role that only members of a group may take. */
export const BOOTSTRAP = {
  accounts: [
    {
      id: ACCOUNT,
      groups: [
        {
          GroupName: 'cn=ProjectA,ou=groups,dc=example,dc=org',
          attachedPolicies: ['arn:aws:iam::aws:policy/readwrite'],
        },
        { GroupName: 'team@2Fslash', attachedPolicies: ['arn:aws:iam::aws:policy/readonly'] },
        {
          GroupName: 'cn=Smith@5C,@20@5C@22J@5C@22@20@5C+@20Co,ou=people,dc=example,dc=org',
          attachedPolicies: ['arn:aws:iam::aws:policy/readonly'],
        },
        { GroupName: 'twin', attachedPolicies: ['arn:aws:iam::aws:policy/readwrite'] },
      ],
      roles: [
        {
          RoleName: 'nested',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:ldap-provider/default` },
              Action: `sts:${ACTION}`,
              Condition: {
                'ForAnyValue:StringEquals': { 'ldap:groups': 'cn=everyone,ou=groups,dc=example,dc=org' },
                StringEquals: { 'ldap:attrib_mail': 'alice@example.org' },
              },
            },
          },
        },
      ],
    },
  ],
}

/** What MinIO's environment file would say of the directory, but for its server. */
export const DIRECTORY = {
  MINIO_IDENTITY_LDAP_LOOKUP_BIND_DN: 'cn=lookup,dc=example,dc=org',
  MINIO_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD: 'lookup-pw',
  MINIO_IDENTITY_LDAP_USER_DN_SEARCH_BASE_DN: `${PEOPLE};ou=groups,dc=example,dc=org`,
  MINIO_IDENTITY_LDAP_USER_DN_SEARCH_FILTER: '(&(objectclass=inetOrgPerson)(uid=%s))',
  MINIO_IDENTITY_LDAP_USER_DN_ATTRIBUTES: 'mail,memberOf',
  MINIO_IDENTITY_LDAP_GROUP_SEARCH_BASE_DN: 'ou=groups,dc=example,dc=org',
  MINIO_IDENTITY_LDAP_GROUP_SEARCH_FILTER: '(&(objectclass=groupOfNames)(member=%d))',
}

/** Who is let in and who is not, over any transport. */
export async function* signIns(endpoint: string, secrets: Secrets): AsyncGenerator<string> {
  const sts = stsOf(endpoint, secrets)
  const as = (LDAPUsername: string, LDAPPassword: string, more: Record<string, string> = {}) => ({
    Action: ACTION,
    LDAPUsername,
    LDAPPassword: LDAPPassword === '' ? '' : secrets.keep(LDAPPassword),
    ...more,
  })
  for (const [name, password, dn] of [
    ['alice', 'alice-pw', `uid=alice,${PEOPLE}`],
    ['ALICE', 'alice-pw', `uid=alice,${PEOPLE}`],
    ['Пользователь', 'пароль-pw', `uid=Пользователь,${PEOPLE}`],
    ['slash/user', 'slash-pw', `uid=slash/user,${PEOPLE}`],
    ['jsmith', 'jsmith-pw', `cn=Smith\\, \\"J\\" \\+ Co,${PEOPLE}`],
  ] as const) {
    const { result, key } = await sts.granted(as(name, password))
    assert.equal(result.SubjectFromToken, dn)
    const credentials = {
      accessKeyId: key.AccessKeyId,
      secretAccessKey: key.SecretAccessKey,
      sessionToken: key.SessionToken,
    }
    const client = new STSClient({ endpoint, region: 'us-east-1', credentials })
    const { Arn = '' } = await client.send(new GetCallerIdentityCommand({}))
    assert.ok(Arn.startsWith(`arn:aws:sts::${ACCOUNT}:federated-user/ldap/default/`), Arn)
    yield `${name} is let in as ${dn}`
  }
  const role = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/nested`, RoleSessionName: 'nested' }
  await sts.granted(as('alice', 'alice-pw', role))
  yield 'alice takes a role by a group in which she is by nesting alone'
  for (const [what, name, password, more] of [
    ['a user in no group', 'bob', 'bob-pw', {}],
    ['the role to another member of the group', 'Пользователь', 'пароль-pw', role],
    ['a wrong password', 'jsmith', 'wrong-pw', {}],
    ['an unknown user', 'nobody', 'alice-pw', {}],
    ['a name of two users', 'twin', 'twin-pw', {}],
    ['a pattern', 'al*', 'alice-pw', {}],
    ['an injected filter', '*)(uid=*', 'alice-pw', {}],
    ['an injected filter with its own end', 'alice)(|(uid=*', 'alice-pw', {}],
    ['a name that is a DN', `uid=alice,${PEOPLE}`, 'alice-pw', {}],
    ['the account that looks users up', 'lookup', 'lookup-pw', {}],
  ] as const) {
    await sts.refused(as(name, password, more), 'AccessDenied')
    yield `refused: ${what}`
  }
  await sts.refused(as('alice', ''), 'ValidationError')
  yield 'refused: an empty password, of which the directory is not asked'
}

/** minio-go's provider, which mc and Flux are built on, and the query string that minio-py sends. */
export async function* clients(endpoint: string): AsyncGenerator<string> {
  const program = buildGoClients()
  const run = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(program, ['minio-ldap', endpoint, ...args])
    return JSON.parse(stdout)
  }
  const s3 = { whole: true, names: ['folder/käy + more'] }
  assert.deepEqual(await run('alice', 'alice-pw'), { s3, minutes: 15 })
  assert.deepEqual(await run('alice', 'alice-pw', '', 'default'), { s3, minutes: 15 })
  const readonly =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::*"}]}'
  assert.deepEqual(await run('alice', 'alice-pw', readonly), { error: 'AccessDenied' })
  assert.deepEqual(await run('slash/user', 'slash-pw'), { error: 'AccessDenied' })
  assert.match((await run('alice', 'wrong-pw')).error, /AccessDenied|403/)
  yield 'minio-go works with S3 by a password, and within a policy'
  const query = { Action: ACTION, Version: '2011-06-15', LDAPUsername: 'alice', LDAPPassword: 'alice-pw' }
  const answer = await fetch(`${endpoint}/?${new URLSearchParams(query)}`, { method: 'POST' })
  assert.equal(answer.status, 200)
  yield 'a query string without a body is answered too'
}

/** Guesses at one name, from this machine. */
export async function* guesses(endpoint: string, secrets: Secrets): AsyncGenerator<string> {
  const sts = stsOf(endpoint, secrets)
  const as = (LDAPUsername: string, LDAPPassword: string) => ({ Action: ACTION, LDAPUsername, LDAPPassword })
  const all = Array.from({ length: 12 }, (_, at) => sts.refused(as('Пользователь', `guess-${at}`), 'AccessDenied'))
  await Promise.all(all)
  await sts.refused(as(' пользователь', 'пароль-pw'), 'AccessDenied')
  await Promise.all(Array.from({ length: 40 }, () => sts.granted(as('alice', 'alice-pw'))))
  yield 'a name is locked after 12 guesses at once; 40 sign-ins at once by another are granted'
}
