import { parseRole } from '@daypass/core/store/entities/role.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const S3_FULL = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
const READ_ONLY = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'

const trusting = (statement: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: arn('root') }, ...statement }],
  })
const TRUST = trusting({})
const GITHUB = 'token.actions.githubusercontent.com'
const trustingGitHub = (Condition?: object) =>
  trusting({
    Principal: { Federated: arn(`oidc-provider/${GITHUB}`) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(Condition ? { Condition } : {}),
  })

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
})

const create = (RoleName: string, params = {}) =>
  daypass.iam(ROOT, 'CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST, ...params })
const made = async (RoleName: string, params = {}) =>
  (await daypass.root('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST, ...params })).Role
const get = async (RoleName: string) => (await daypass.root('GetRole', { RoleName })).Role
const names = (list: unknown) => members(list).map(({ RoleName }) => RoleName)

describe('CreateRole', () => {
  it('answers the role, its trust policy percent-encoded', async () => {
    const role = await made('S3Access', {
      Path: '/teams/a/',
      Description: 'for S3',
      MaxSessionDuration: 7200,
      PermissionsBoundary: S3_FULL,
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    expect(role).toEqual({
      Path: '/teams/a/',
      RoleName: 'S3Access',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Arn: arn('role/teams/a/S3Access'),
      CreateDate: '2026-01-01T00:00:00Z',
      AssumeRolePolicyDocument: expect.stringMatching(/^%7B%22Version%22%3A[A-Za-z0-9%._~-]+$/),
      Description: 'for S3',
      MaxSessionDuration: '7200',
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: S3_FULL },
      Tags: { member: [{ Key: 'team', Value: 'a' }] },
    })
    expect(decodeURIComponent(role.AssumeRolePolicyDocument)).toBe(TRUST)
    expect(await get('s3access')).toEqual({ ...role, RoleLastUsed: '' })
  })

  it('takes an hour for the longest session unless it is told', async () => {
    expect((await made('r')).MaxSessionDuration).toBe('3600')
  })

  it.each([
    [
      'a name that differs only by case',
      { RoleName: 'TAKEN' },
      'EntityAlreadyExists',
      'Role with name TAKEN already exists.',
    ],
    ['a session of 3,599 seconds', { MaxSessionDuration: 3599 }, 'ValidationError', /maxSessionDuration/],
    ['a session of 43,201 seconds', { MaxSessionDuration: 43_201 }, 'ValidationError', /maxSessionDuration/],
    ['a path that does not end in a slash', { Path: '/a' }, 'ValidationError', /path/],
    ['a boundary that does not exist', { PermissionsBoundary: arn('policy/none') }, 'NoSuchEntity', /policy\/none/],
    ['another account’s boundary', { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/p' }, 'NoSuchEntity', /p/],
    ['trust that is no JSON', { AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocument', /invalid Json/],
    [
      'trust without a principal',
      { AssumeRolePolicyDocument: policy({ Action: 'sts:AssumeRole' }) },
      'MalformedPolicyDocument',
      /Principal|Resource/,
    ],
    [
      'a repeated tag key',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidInput',
      /Duplicate tag keys/,
    ],
    [
      'trust of more than 2,048 characters',
      { AssumeRolePolicyDocument: trusting({ Sid: 'x'.repeat(1980) }) },
      'LimitExceeded',
      'Cannot exceed quota for ACLSizePerRole: 2048',
    ],
  ])('refuses %s', async (_what, params, code, message) => {
    await create('taken')
    const answer = await create('new', params)
    expect([answer.code, answer.message]).toEqual([
      code,
      typeof message === 'string' ? message : expect.stringMatching(message),
    ])
    expect(names((await daypass.root('ListRoles')).Roles)).toEqual(['taken'])
  })

  it('makes one role of two that are asked for at the same moment', async () => {
    const answers = await Promise.all([create('r'), create('R')])
    expect(answers.map(({ code }) => code).sort()).toEqual(['EntityAlreadyExists', undefined])
  })
})

describe.each([
  ['CreateRole', (AssumeRolePolicyDocument: string) => create('unsafe', { AssumeRolePolicyDocument })],
  [
    'UpdateAssumeRolePolicy',
    async (PolicyDocument: string) => {
      await made('safe')
      return daypass.iam(ROOT, 'UpdateAssumeRolePolicy', { RoleName: 'safe', PolicyDocument })
    },
  ],
  [
    'the bootstrap document',
    async (AssumeRolePolicyDocument: string) => {
      const role = { RoleName: 'unsafe', AssumeRolePolicyDocument }
      return daypass.apply({ id: ACCOUNT, roles: [role] }).then(
        () => ({}),
        (error: Error) => ({ code: /trusts/.test(error.message) ? 'MalformedPolicyDocument' : 'other' }),
      )
    },
  ],
])('trust in a shared issuer, saved by %s,', (_how, save: (trust: string) => Promise<{ readonly code?: string }>) => {
  const SUB = `${GITHUB}:sub`
  it.each([
    ['without a condition', trustingGitHub()],
    ['with an audience alone', trustingGitHub({ StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' } })],
    ['with every subject', trustingGitHub({ StringLike: { [SUB]: '*' } })],
    ['with every repository', trustingGitHub({ StringLike: { [SUB]: 'repo:*' } })],
    [
      'with a subject if there is one',
      trustingGitHub({ StringEqualsIfExists: { [SUB]: 'repo:a/b:ref:refs/heads/main' } }),
    ],
    [
      'with all values of none',
      trustingGitHub({ 'ForAllValues:StringEquals': { [SUB]: 'repo:a/b:ref:refs/heads/main' } }),
    ],
    ['with all but one subject', trustingGitHub({ StringNotEquals: { [SUB]: 'repo:a/b:ref:refs/heads/main' } })],
    ['with the presence of a subject', trustingGitHub({ Null: { [SUB]: 'false' } })],
    ['with one safe value and one that is not', trustingGitHub({ StringLike: { [SUB]: ['repo:a/b:*', '*'] } })],
    ['through everyone', trusting({ Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' })],
    ['through every provider', trusting({ Principal: { Federated: '*' }, Action: 'sts:*' })],
    [
      'in its second statement',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [JSON.parse(TRUST).Statement[0], JSON.parse(trustingGitHub()).Statement[0]],
      }),
    ],
  ])('is refused %s', async (_what, trust) => {
    expect((await save(trust)).code).toBe('MalformedPolicyDocument')
  })

  it.each([
    ['a repository', trustingGitHub({ StringLike: { [SUB]: 'repo:octo/app:*' } })],
    ['a branch', trustingGitHub({ StringEquals: { [SUB]: 'repo:octo/app:ref:refs/heads/main' } })],
    ['an owner', trustingGitHub({ StringEquals: { [`${GITHUB}:repository_owner`]: 'octo' } })],
  ])('is taken with %s', async (_what, trust) => {
    expect((await save(trust)).code).toBeUndefined()
  })
})

it('refuses Allow with NotPrincipal in a Ceph-style account when it reaches shared issuers', async () => {
  const ceph = await iamDeployment({ id: '' })
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      NotPrincipal: { AWS: 'arn:aws:iam:::user/x' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    },
  })
  const answer = await ceph.iam(ROOT, 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: document })
  expect(answer.code).toBe('MalformedPolicyDocument')
})

describe('ListRoles', () => {
  it('answers pages within a path, without tags and boundaries', async () => {
    for (const name of ['c', 'a', 'b'])
      await made(name, { Path: '/x/', PermissionsBoundary: S3_FULL, Tags: [{ Key: 'k', Value: 'v' }] })
    await made('other')
    const first = await daypass.root('ListRoles', { PathPrefix: '/x/', MaxItems: 2 })
    expect([names(first.Roles), first.IsTruncated]).toEqual([['a', 'b'], 'true'])
    expect(members(first.Roles)[0]).not.toHaveProperty('Tags')
    expect(members(first.Roles)[0]).not.toHaveProperty('PermissionsBoundary')
    const second = await daypass.root('ListRoles', { PathPrefix: '/x/', MaxItems: 2, Marker: first.Marker })
    expect([names(second.Roles), second.IsTruncated]).toEqual([['c'], 'false'])
  })

  it('tells nothing of another account', async () => {
    await made('mine')
    await daypass.apply({
      id: '111122223333',
      rootAccessKey: { AccessKeyId: 'other', SecretAccessKey: 'other-secret' },
    })
    const other = { accessKeyId: 'other', secretAccessKey: 'other-secret' }
    expect(names((await daypass.iam(other, 'ListRoles')).result.Roles)).toEqual([])
    expect((await daypass.iam(other, 'GetRole', { RoleName: 'mine' })).code).toBe('NoSuchEntity')
    expect((await daypass.iam(other, 'DeleteRole', { RoleName: 'mine' })).code).toBe('NoSuchEntity')
  })
})

describe('UpdateRole', () => {
  it('changes what it names and leaves the rest', async () => {
    await made('r', { Description: 'old', MaxSessionDuration: 7200 })
    await daypass.root('UpdateRole', { RoleName: 'r', Description: 'new' })
    expect(await get('r')).toMatchObject({ Description: 'new', MaxSessionDuration: '7200' })
    await daypass.root('UpdateRole', { RoleName: 'r', MaxSessionDuration: 43_200 })
    expect(await get('r')).toMatchObject({ Description: 'new', MaxSessionDuration: '43200' })
    const { Role } = await daypass.root('UpdateRoleDescription', { RoleName: 'r', Description: 'newer' })
    expect(Role).toMatchObject({ Description: 'newer', MaxSessionDuration: '43200' })
  })

  it('refuses a duration out of range', async () => {
    await made('r')
    const answer = await daypass.iam(ROOT, 'UpdateRole', { RoleName: 'r', MaxSessionDuration: 43_201 })
    expect(answer.code).toBe('ValidationError')
  })

  it('loses none of several changes of one moment, nor a revocation between them', async () => {
    const { RoleName } = await made('r')
    const { store } = daypass.deps
    await Promise.all([
      daypass.root('UpdateRole', { RoleName, Description: 'd' }),
      daypass.root('TagRole', { RoleName, Tags: [{ Key: 'a', Value: '1' }] }),
      daypass.root('TagRole', { RoleName, Tags: [{ Key: 'b', Value: '2' }] }),
      daypass.root('AttachRolePolicy', { RoleName, PolicyArn: S3_FULL }),
      daypass.root('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) }),
      store.update(roleKey(ACCOUNT, RoleName), { set: { revokedBefore: 17 } }),
    ])
    const item = await store.get(roleKey(ACCOUNT, RoleName))
    const role = item && parseRole(item)
    expect(role).toMatchObject({ description: 'd', attachedPolicies: [S3_FULL], revokedBefore: 17 })
    expect(role?.tags.map(({ key }) => key).sort()).toEqual(['a', 'b'])
    expect(Object.keys(role?.inlinePolicies ?? {})).toEqual(['p'])
  })
})

describe('UpdateAssumeRolePolicy', () => {
  it('changes whom the role trusts', async () => {
    await made('r')
    const PolicyDocument = trusting({ Principal: { AWS: arn('user/bob') } })
    await daypass.root('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument })
    expect(decodeURIComponent((await get('r')).AssumeRolePolicyDocument)).toBe(PolicyDocument)
  })

  it('leaves the trust of a role as it is when the new one is refused', async () => {
    await made('r')
    const answer = await daypass.iam(ROOT, 'UpdateAssumeRolePolicy', {
      RoleName: 'r',
      PolicyDocument: trustingGitHub(),
    })
    expect(answer.code).toBe('MalformedPolicyDocument')
    expect(decodeURIComponent((await get('r')).AssumeRolePolicyDocument)).toBe(TRUST)
  })
})

describe('policies of a role', () => {
  it('are put, listed, attached and detached', async () => {
    await made('r')
    const owner = { RoleName: 'r' }
    await daypass.root('PutRolePolicy', { ...owner, PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) })
    expect(members((await daypass.root('ListRolePolicies', owner)).PolicyNames)).toEqual(['p'])
    const { PolicyDocument } = await daypass.root('GetRolePolicy', { ...owner, PolicyName: 'p' })
    expect(decodeURIComponent(PolicyDocument)).toBe(policy({ Action: 's3:*' }))
    await daypass.root('AttachRolePolicy', { ...owner, PolicyArn: S3_FULL })
    const { AttachedPolicies } = await daypass.root('ListAttachedRolePolicies', owner)
    expect(members(AttachedPolicies)).toEqual([{ PolicyName: 'AmazonS3FullAccess', PolicyArn: S3_FULL }])
    await daypass.root('DetachRolePolicy', { ...owner, PolicyArn: S3_FULL })
    await daypass.root('DeleteRolePolicy', { ...owner, PolicyName: 'p' })
    expect(members((await daypass.root('ListRolePolicies', owner)).PolicyNames)).toEqual([])
    expect((await daypass.iam(ROOT, 'DetachRolePolicy', { ...owner, PolicyArn: S3_FULL })).code).toBe('NoSuchEntity')
  })

  it('fill 10,240 characters together', async () => {
    await made('r')
    const frame = policy({ Action: 's3:*', Resource: 'arn:aws:s3:::' }).length
    const put = (PolicyName: string, size: number) =>
      daypass.iam(ROOT, 'PutRolePolicy', {
        RoleName: 'r',
        PolicyName,
        PolicyDocument: policy({ Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(size - frame)}` }),
      })
    expect((await put('a', 10_000)).code).toBeUndefined()
    expect((await put('b', 240)).code).toBeUndefined()
    expect((await put('b', 241)).code).toBe('LimitExceeded')
  })
})

describe('DeleteRole', () => {
  it('wants policies gone first, whatever their kind', async () => {
    await made('r', { PermissionsBoundary: READ_ONLY })
    await daypass.root('AttachRolePolicy', { RoleName: 'r', PolicyArn: S3_FULL })
    await daypass.root('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) })
    const remove = () => daypass.iam(ROOT, 'DeleteRole', { RoleName: 'r' })
    const attached = await remove()
    expect([attached.status, attached.code, attached.message]).toEqual([
      409,
      'DeleteConflict',
      'Cannot delete entity, must detach all policies first.',
    ])
    await daypass.root('DetachRolePolicy', { RoleName: 'r', PolicyArn: S3_FULL })
    expect((await remove()).message).toBe('Cannot delete entity, must delete policies first.')
    await daypass.root('DeleteRolePolicy', { RoleName: 'r', PolicyName: 'p' })
    expect((await remove()).code).toBeUndefined()
    expect((await remove()).message).toBe('The role with name r cannot be found.')
  })

  it('gives the next role of the name another id', async () => {
    const before = await made('r')
    await daypass.root('DeleteRole', { RoleName: 'r' })
    expect((await made('r')).RoleId).not.toBe(before.RoleId)
  })
})

describe('tags of a role', () => {
  it('are added, replaced without regard to case, listed in pages and removed', async () => {
    await made('r', { Tags: [{ Key: 'a', Value: '1' }] })
    await daypass.root('TagRole', {
      RoleName: 'r',
      Tags: [
        { Key: 'A', Value: '2' },
        { Key: 'b', Value: '' },
      ],
    })
    const page = await daypass.root('ListRoleTags', { RoleName: 'r', MaxItems: 1 })
    expect([members(page.Tags), page.IsTruncated]).toEqual([[{ Key: 'A', Value: '2' }], 'true'])
    await daypass.root('UntagRole', { RoleName: 'r', TagKeys: ['a'] })
    expect(members((await daypass.root('ListRoleTags', { RoleName: 'r' })).Tags)).toEqual([{ Key: 'b', Value: '' }])
  })

  it('are at most 50', async () => {
    await made('r', { Tags: Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' })) })
    const answer = await daypass.iam(ROOT, 'TagRole', { RoleName: 'r', Tags: [{ Key: 'more', Value: '' }] })
    expect(answer.code).toBe('LimitExceeded')
  })
})

it('answers that a role is in no instance profile', async () => {
  await made('r')
  const { InstanceProfiles, IsTruncated } = await daypass.root('ListInstanceProfilesForRole', { RoleName: 'r' })
  expect([members(InstanceProfiles), IsTruncated]).toEqual([[], 'false'])
  expect((await daypass.iam(ROOT, 'ListInstanceProfilesForRole', { RoleName: 'none' })).code).toBe('NoSuchEntity')
})

describe('the right to', () => {
  const OPERATIONS: readonly [
    string,
    Readonly<Record<string, string | readonly Readonly<Record<string, string>>[] | readonly string[]>>,
  ][] = [
    ['GetRole', {}],
    ['UpdateRole', {}],
    ['UpdateRoleDescription', { Description: '' }],
    ['UpdateAssumeRolePolicy', { PolicyDocument: '{' }],
    ['DeleteRole', {}],
    ['TagRole', { Tags: [{ Key: 'a', Value: '1' }] }],
    ['UntagRole', { TagKeys: ['a'] }],
    ['ListRoleTags', {}],
    ['PutRolePermissionsBoundary', { PermissionsBoundary: S3_FULL }],
    ['DeleteRolePermissionsBoundary', {}],
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: '{' }],
    ['GetRolePolicy', { PolicyName: 'p' }],
    ['DeleteRolePolicy', { PolicyName: 'p' }],
    ['ListRolePolicies', {}],
    ['AttachRolePolicy', { PolicyArn: S3_FULL }],
    ['DetachRolePolicy', { PolicyArn: S3_FULL }],
    ['ListAttachedRolePolicies', {}],
    ['ListInstanceProfilesForRole', {}],
  ]

  it.each(OPERATIONS)('%s is asked for before it is told whether the role exists', async (action, params) => {
    await made('there')
    const neighbour = await daypass.user('neighbour', { Action: 'iam:*', Resource: arn('role/other') })
    for (const RoleName of ['there', 'none']) {
      const { code, message } = await daypass.iam(neighbour, action, { RoleName, ...params })
      expect([code, message]).toEqual([
        'AccessDenied',
        expect.stringContaining(`iam:${action} on resource: role ${RoleName} because`),
      ])
    }
    const allowed = await daypass.user('allowed', { Action: `iam:${action}`, Resource: arn('role/*') })
    for (const RoleName of ['there', 'none']) {
      expect((await daypass.iam(allowed, action, { RoleName, ...params })).code).not.toBe('AccessDenied')
    }
  })

  it('CreateRole and ListRoles is asked for', async () => {
    const params = { RoleName: 'r', AssumeRolePolicyDocument: TRUST }
    expect((await daypass.iam(bob, 'CreateRole', params)).code).toBe('AccessDenied')
    expect((await daypass.iam(bob, 'ListRoles')).code).toBe('AccessDenied')
    const maker = await daypass.user('maker', { Action: 'iam:CreateRole', Resource: arn('role/app/*') })
    expect((await daypass.iam(maker, 'CreateRole', params)).code).toBe('AccessDenied')
    expect((await daypass.iam(maker, 'CreateRole', { ...params, Path: '/app/' })).code).toBeUndefined()
  })
})

describe('a Ceph-style account', () => {
  beforeEach(async () => {
    daypass = await iamDeployment({ id: '' })
  })

  it('has roles with an empty account id', async () => {
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/tester1'] }, Action: ['sts:AssumeRole'] }],
    })
    const { Arn } = await made('S3Access', { AssumeRolePolicyDocument: document, Path: '/' })
    expect(Arn).toBe('arn:aws:iam:::role/S3Access')
    const PolicyDocument = policy({ Action: 's3:*', Resource: 'arn:aws:s3:::*' })
    await daypass.root('PutRolePolicy', { RoleName: 'S3Access', PolicyName: 'Policy1', PolicyDocument })
    expect((await get('S3Access')).Arn).toBe(Arn)
  })

  it('may repeat a tag key, which then has several values', async () => {
    await made('r', {
      Tags: [
        { Key: 'dep', Value: 'eng' },
        { Key: 'dep', Value: 'ops' },
      ],
    })
    expect(members((await daypass.root('ListRoleTags', { RoleName: 'r' })).Tags)).toEqual([
      { Key: 'dep', Value: 'eng' },
      { Key: 'dep', Value: 'ops' },
    ])
  })
})
