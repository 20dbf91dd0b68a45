import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { directoryNames } from '@daypass/core/identity/ldap/group-names.ts'
import { convertExport } from '@daypass/core/minio-import/convert.ts'
import { readMinioExport } from '@daypass/core/minio-import/export.ts'
import { describe, expect, it } from 'vitest'
import { may } from '../../support/decisions.ts'
import { deployment } from '../../support/deployment.ts'
import { allow, EVERYTHING, exportOf, mapped, policy, service } from './archives.ts'

const ACCOUNT = '123456789012'
const convert = (files: Readonly<Record<string, unknown>>) => convertExport(readMinioExport(exportOf(files)), ACCOUNT)
const accountOf = (files: Readonly<Record<string, unknown>>) => convert(files).document.accounts[0]
const user = (status = 'enabled') => ({ secretKey: 'a-secret', status })
const S3 = ['arn:aws:s3:::*']

describe('an export', () => {
  it('becomes this document', () => {
    const { document, notes } = convert(EVERYTHING)
    expect(document).toEqual({
      accounts: [
        {
          id: ACCOUNT,
          policies: [
            {
              PolicyName: 'readonly',
              PolicyDocument: EVERYTHING['policies.json'].readonly,
            },
            { PolicyName: 'team-a', PolicyDocument: EVERYTHING['policies.json']['team-a'] },
            {
              PolicyName: 'operator',
              PolicyDocument: policy({ ...allow(['admin:ServerInfo']), Resource: ['*'] }),
            },
          ],
          groups: [
            { GroupName: 'team-a', attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/team-a`] },
            { GroupName: 'off' },
            {
              GroupName: 'uid=carol,ou=people,dc=example,dc=org',
              attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/readonly`],
            },
          ],
          users: [
            {
              UserName: 'alice',
              accessKeys: [
                { AccessKeyId: 'alice', SecretAccessKey: 'alice-secret' },
                { AccessKeyId: 'ALICEKEY', SecretAccessKey: 'key-of-alice' },
              ],
              attachedPolicies: ['arn:aws:iam::aws:policy/readwrite', `arn:aws:iam::${ACCOUNT}:policy/readonly`],
              groups: ['team-a', 'off'],
            },
            { UserName: 'bob', groups: ['team-a'] },
          ],
        },
      ],
    })
    expect(notes.map(({ what }) => what)).toEqual([
      'group off',
      'user bob',
      'group team-a',
      'access key ROOTKEY',
      'user uid=carol,ou=people,dc=example,dc=org',
    ])
    expect(notes.some(({ widens }) => widens)).toBe(false)
  })

  it('opens with the old keys what it opened before', async () => {
    const { document } = convert(EVERYTHING)
    const daypass = await deployment(...parseBootstrap(JSON.stringify(document)).accounts)
    const alice = { accessKeyId: 'alice', secretAccessKey: 'alice-secret' }
    const key = { accessKeyId: 'ALICEKEY', secretAccessKey: 'key-of-alice' }
    for (const credentials of [alice, key]) {
      expect(await may(daypass, credentials, 's3:PutObject', 'arn:aws:s3:::team-a/x')).toBe(true)
      expect(await may(daypass, credentials, 's3:DeleteObject', 'arn:aws:s3:::team-a/x')).toBe(true)
      expect(await may(daypass, credentials, 's3:DeleteObject', 'arn:aws:s3:::team-a/keep/x')).toBe(false)
      expect(await may(daypass, credentials, 'admin:ServerInfo', '*')).toBe(false)
    }
    const bob = { accessKeyId: 'bob', secretAccessKey: 'bob-secret' }
    await expect(may(daypass, bob, 's3:GetObject', 'arn:aws:s3:::team-a/x')).rejects.toThrow()
  })

  it('of MinIO before any user was made is an empty account', () => {
    const nothing = Object.fromEntries(Object.keys(EVERYTHING).map((name) => [name, {}]))
    expect(convert(nothing)).toEqual({
      document: { accounts: [{ id: ACCOUNT, policies: [], groups: [], users: [] }] },
      notes: [],
    })
  })

  it('may lack files', () => {
    expect(accountOf({ 'users.json': { alice: user() } })?.users).toHaveLength(1)
  })
})

describe('a policy', () => {
  const converted = (statement: object) =>
    accountOf({ 'policies.json': { p: policy(statement) } })?.policies?.[0]?.PolicyDocument

  it.each([[['admin:*']], [['kms:KeyStatus', 'admin:ServerInfo']], [['sts:AssumeRole']]])(
    'for %j gets a resource, which MinIO lets it lack',
    (actions) => {
      expect(converted(allow(actions))).toEqual(policy({ ...allow(actions), Resource: ['*'] }))
    },
  )

  it('with a resource keeps it', () => {
    const statement = allow(['kms:*'], ['arn:minio:kms:::key'])
    expect(converted(statement)).toEqual(policy(statement))
  })

  it.each([
    ['for S3 without a resource', allow(['s3:*'])],
    ['for S3 and more without a resource', allow(['admin:*', 's3:*'])],
    ['with no action', { Effect: 'Allow', Resource: S3 }],
    ['with an element that nobody knows', { ...allow(['s3:*'], S3), Principle: '*' }],
    [
      'with an operator that nobody knows',
      { ...allow(['s3:*'], S3), Condition: { StringLooks: { 's3:prefix': 'a' } } },
    ],
  ])('%s is not carried over', (_what, statement) => {
    const { document, notes } = convert({
      'policies.json': { p: policy(statement) },
      'users.json': { alice: user() },
      'user_mappings.json': { alice: mapped('p') },
    })
    expect(document.accounts[0]?.policies).toEqual([])
    expect(document.accounts[0]?.users?.[0]).not.toHaveProperty('attachedPolicies')
    expect(notes.map(({ what, widens }) => [what, widens])).toEqual([
      ['policy p', false],
      ['user alice', false],
    ])
  })

  it('that denies and is not carried over widens', () => {
    const { notes } = convert({ 'policies.json': { p: policy({ ...allow(['s3:*']), Effect: 'Deny' }) } })
    expect(notes).toMatchObject([{ what: 'policy p', widens: true }])
  })

  it('without a version is read as MinIO reads it, with variables', () => {
    const Statement = [allow(['s3:*'], S3)]
    const { policies } = accountOf({ 'policies.json': { p: { Version: '', Statement } } }) ?? {}
    expect(policies?.[0]?.PolicyDocument).toEqual({ Version: '2012-10-17', Statement })
  })

  it('loses the names of its statements, which AWS restricts', () => {
    expect(converted({ Sid: 'not a name!', ...allow(['s3:*'], S3) })).toEqual(policy(allow(['s3:*'], S3)))
  })

  it('with the name of a built-in one and other content stays its own', () => {
    const { policies, users } =
      accountOf({
        'policies.json': { readwrite: policy(allow(['s3:*'], ['arn:aws:s3:::only-this/*'])) },
        'users.json': { alice: user() },
        'user_mappings.json': { alice: mapped('readwrite') },
      }) ?? {}
    expect(policies).toHaveLength(1)
    expect(users?.[0]?.attachedPolicies).toEqual([`arn:aws:iam::${ACCOUNT}:policy/readwrite`])
  })
})

describe('a name', () => {
  it.each(['a b', 'a/b', 'ä', 'x'.repeat(65)])('such as %j is no user here', (name) => {
    const { document, notes } = convert({ 'users.json': { [name]: user() } })
    expect(document.accounts[0]?.users).toEqual([])
    expect(notes).toMatchObject([{ what: `user ${name}` }])
  })

  it('that differs from another in case alone is left out', () => {
    const { document, notes } = convert({ 'users.json': { alice: user(), Alice: user() } })
    expect(document.accounts[0]?.users?.map(({ UserName }) => UserName)).toEqual(['alice'])
    expect(notes).toMatchObject([{ what: 'user Alice' }])
  })

  it('of a group that cannot be kept widens when the group is denied something', () => {
    const deny = policy({ ...allow(['s3:*'], S3), Effect: 'Deny' })
    const files = (document: object) => ({
      'policies.json': { p: document },
      'groups.json': { 'a b': { status: 'enabled', members: [] } },
      'group_mappings.json': { 'a b': mapped('p') },
    })
    expect(convert(files(deny)).notes).toMatchObject([{ what: 'group a b', widens: true }])
    expect(convert(files(policy(allow(['s3:*'], S3)))).notes).toMatchObject([{ what: 'group a b', widens: false }])
  })

  it("of a directory's group stays", () => {
    const name = 'cn=admins,ou=groups,dc=example,dc=org'
    const { document, notes } = convert({
      'policies.json': { readwrite: EVERYTHING['policies.json'].readwrite },
      'group_mappings.json': { [name]: mapped('readwrite') },
    })
    expect(document.accounts[0]?.groups).toEqual([
      { GroupName: name, attachedPolicies: ['arn:aws:iam::aws:policy/readwrite'] },
    ])
    expect(notes).toMatchObject([{ what: `group ${name}` }])
  })

  it("of a directory's groups and users stay under the names by which a sign-in means them", () => {
    const { document, notes } = convert({
      'policies.json': { readwrite: EVERYTHING['policies.json'].readwrite },
      'group_mappings.json': { 'cn=Domain Users,dc=example,dc=org': mapped('readwrite') },
      'stsuser_mappings.json': {
        'uid=\\d0\\9f,dc=example,dc=org': mapped('readwrite'),
        'uid=dave/x,dc=example,dc=org': mapped('readwrite'),
        [`uid=${'x'.repeat(200)},dc=example,dc=org`]: mapped('readwrite'),
        'subject-of-openid': mapped('readwrite'),
        'bm8gRE4=': mapped('readwrite'),
      },
    })
    const attachedPolicies = ['arn:aws:iam::aws:policy/readwrite']
    const dns = ['cn=Domain@20Users', 'uid=@D0@9F', 'uid=dave@2Fx'].map((first) => `${first},dc=example,dc=org`)
    expect(document.accounts[0]?.groups).toEqual(dns.map((GroupName) => ({ GroupName, attachedPolicies })))
    expect(notes.map(({ what }) => what.replace(/x{200}/, '…'))).toEqual([
      'group cn=Domain Users,dc=example,dc=org',
      'user uid=\\d0\\9f,dc=example,dc=org',
      'user uid=dave/x,dc=example,dc=org',
      'policies readwrite of uid=…,dc=example,dc=org',
      'policies readwrite of subject-of-openid',
      'policies readwrite of bm8gRE4=',
    ])
    const read = directoryNames('uid=\u041f,DC=example, dc=org', ['CN=Domain Users,dc=example,dc=org'])
    expect(read.groups).toEqual(expect.arrayContaining([dns[0], dns[1]]))
  })
})

describe('an access key of a user', () => {
  const limit = policy(allow(['s3:GetObject'], ['arn:aws:s3:::a/*']))
  const files = (key: object, more: object = {}) => ({
    'policies.json': { all: policy(allow(['s3:*'], ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'])) },
    'users.json': { alice: user(), gone: user('disabled') },
    'user_mappings.json': { alice: mapped('all') },
    'svcaccts.json': { APPKEY: key },
    ...more,
  })

  it('with a policy of its own keeps its narrower rights', async () => {
    const { document, notes } = convert(files(service('alice', { sessionPolicy: limit })))
    expect(notes.map(({ what }) => what)).toEqual(['user gone', 'access key APPKEY'])
    const daypass = await deployment(...parseBootstrap(JSON.stringify(document)).accounts)
    const key = { accessKeyId: 'APPKEY', secretAccessKey: 'key-of-alice' }
    expect(await may(daypass, key, 's3:GetObject', 'arn:aws:s3:::a/x')).toBe(true)
    expect(await may(daypass, key, 's3:PutObject', 'arn:aws:s3:::a/x')).toBe(false)
    expect(await may(daypass, key, 's3:GetObject', 'arn:aws:s3:::b/x')).toBe(false)
  })

  it.each([
    ['that is off', service('alice', { status: 'off' })],
    ['that expires', service('alice', { expiration: '2031-01-01T00:00:00Z' })],
    ['of root', service('minioadmin')],
    ['of a disabled user', service('gone')],
    ['with a policy that cannot be kept', service('alice', { sessionPolicy: policy(allow(['s3:*'])) })],
    [
      "with a policy that speaks of the user's name",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the policy language's own variable
      service('alice', { sessionPolicy: policy(allow(['s3:*'], ['arn:aws:s3:::a/${aws:username}/*'])) }),
    ],
  ])('%s is not carried over', (_what, key) => {
    const { document, notes } = convert(files(key))
    expect(JSON.stringify(document)).not.toMatch(/APPKEY|key-of/)
    expect(notes.map(({ what }) => what)).toContain('access key APPKEY')
  })

  it('never takes the name of a user', () => {
    const { document } = convert(
      files(service('alice', { sessionPolicy: limit }), { 'users.json': { alice: user(), appkey: user() } }),
    )
    expect(document.accounts[0]?.users?.map(({ UserName }) => UserName)).toEqual(['alice', 'appkey'])
    expect(JSON.stringify(document)).not.toContain('key-of')
  })
})
