import { roleKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const S3_FULL = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
const DOCUMENT = policy({ Action: 's3:GetObject' })
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' },
})

let daypass: IamDeployment

beforeEach(async () => {
  daypass = await iamDeployment()
})

const create = (PolicyName: string, params = {}) =>
  daypass.iam(ROOT, 'CreatePolicy', { PolicyName, PolicyDocument: DOCUMENT, ...params })
const made = async (PolicyName: string, params = {}): Promise<string> =>
  (await daypass.root('CreatePolicy', { PolicyName, PolicyDocument: DOCUMENT, ...params })).Policy.Arn
const get = async (PolicyArn: string) => (await daypass.root('GetPolicy', { PolicyArn })).Policy
const list = (params = {}) => daypass.root('ListPolicies', params)
const names = (policies: unknown) => members(policies).map(({ PolicyName }) => PolicyName)

/** A document of so many characters, besides white space. */
function documentOf(size: number): string {
  const frame = policy({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::' })
  return policy({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(size - frame.length)}` })
}

describe('CreatePolicy', () => {
  it('answers the policy', async () => {
    const params = { Path: '/team/', Description: 'for all', Tags: [{ Key: 'k', Value: 'v' }] }
    const { Policy } = await daypass.root('CreatePolicy', { PolicyName: 'p', PolicyDocument: DOCUMENT, ...params })
    expect(Policy).toEqual({
      PolicyName: 'p',
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      Arn: arn('policy/team/p'),
      Path: '/team/',
      DefaultVersionId: 'v1',
      AttachmentCount: '0',
      PermissionsBoundaryUsageCount: '0',
      IsAttachable: 'true',
      CreateDate: '2026-01-01T00:00:00Z',
      UpdateDate: '2026-01-01T00:00:00Z',
      Tags: { member: [{ Key: 'k', Value: 'v' }] },
    })
    expect(await get(Policy.Arn)).toEqual({ ...Policy, Description: 'for all' })
  })

  it.each([
    ['a name that differs only by case', { PolicyName: 'TAKEN' }, 'EntityAlreadyExists'],
    ['a name that is taken under another path', { PolicyName: 'taken', Path: '/x/' }, 'EntityAlreadyExists'],
    ['a document that is none', { PolicyDocument: '{' }, 'MalformedPolicyDocument'],
    [
      'a document of the older version',
      { PolicyDocument: DOCUMENT.replace('2012-10-17', '2008-10-17') },
      'MalformedPolicyDocument',
    ],
    ['6,145 characters', { PolicyDocument: documentOf(6145) }, 'LimitExceeded'],
    ['6,144 characters and white space', { PolicyDocument: `${documentOf(6144)}${' '.repeat(100)}` }, undefined],
    [
      '51 tags',
      { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })) },
      'ValidationError',
    ],
    ['a tag of AWS’s own', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInput'],
  ])('answers to %s: %s', async (_what, params, code) => {
    await made('taken')
    expect((await create('new', params)).code).toBe(code)
  })

  it('makes one policy of two that are asked for at the same moment', async () => {
    const answers = await Promise.all([create('p'), create('p')])
    expect(answers.map(({ code }) => code).sort()).toEqual(['EntityAlreadyExists', undefined])
  })
})

describe('GetPolicy', () => {
  it('knows the built-in policies by AWS’s ids', async () => {
    expect(await get(S3_FULL)).toMatchObject({
      PolicyId: 'ANPAIFIR6V6BVTRAHWINE',
      DefaultVersionId: 'v2',
      Description: expect.any(String),
      AttachmentCount: '0',
    })
  })

  it.each([
    ['no ARN', 'x'.repeat(20), 'InvalidInput'],
    ['the ARN of a user', arn('user/admin'), 'InvalidInput'],
    ['the ARN of nothing', arn('policy/'), 'InvalidInput'],
    ['the ARN of a name that is too long', arn(`policy/${'x'.repeat(129)}`), 'InvalidInput'],
    ['an unknown name', arn('policy/none'), 'NoSuchEntity'],
    ['another path', arn('policy/other/p'), 'NoSuchEntity'],
    ['another case', arn('policy/P'), 'NoSuchEntity'],
    ['another account', 'arn:aws:iam::111122223333:policy/p', 'NoSuchEntity'],
    ['an unknown built-in policy', 'arn:aws:iam::aws:policy/None', 'NoSuchEntity'],
  ])('refuses %s', async (_what, PolicyArn, code) => {
    await made('p')
    await daypass.apply({ id: '111122223333', policies: [{ PolicyName: 'p', PolicyDocument: DOCUMENT }] })
    expect((await daypass.iam(ROOT, 'GetPolicy', { PolicyArn })).code).toBe(code)
  })
})

describe('ListPolicies', () => {
  beforeEach(async () => {
    for (const name of ['c', 'a', 'b']) await made(name, { Path: '/team/' })
    await daypass.root('CreateRole', {
      RoleName: 'r',
      AssumeRolePolicyDocument: TRUST,
      PermissionsBoundary: arn('policy/team/b'),
    })
    await daypass.root('AttachRolePolicy', { RoleName: 'r', PolicyArn: arn('policy/team/a') })
    await daypass.root('AttachRolePolicy', { RoleName: 'r', PolicyArn: S3_FULL })
  })

  it.each([
    [{ Scope: 'Local' }, ['a', 'b', 'c']],
    [{ Scope: 'Local', PathPrefix: '/other/' }, []],
    [{ PathPrefix: '/team/' }, ['a', 'b', 'c']],
    [{ OnlyAttached: 'true' }, ['AmazonS3FullAccess', 'a']],
    [{ Scope: 'AWS', OnlyAttached: 'true' }, ['AmazonS3FullAccess']],
    [{ Scope: 'Local', OnlyAttached: 'true' }, ['a']],
    [{ PolicyUsageFilter: 'PermissionsBoundary' }, ['b']],
    [{ Scope: 'Local', PolicyUsageFilter: 'PermissionsPolicy' }, ['a']],
  ])('answers %j with %j', async (params, expected) => {
    expect(names((await list(params)).Policies)).toEqual(expected)
  })

  it('counts who uses each policy', async () => {
    const { Policies } = await list({ Scope: 'Local' })
    const counts = members(Policies).map((each) => [each.AttachmentCount, each.PermissionsBoundaryUsageCount])
    expect(counts).toEqual([
      ['1', '0'],
      ['0', '1'],
      ['0', '0'],
    ])
    expect(members(Policies)[0]).not.toHaveProperty('Tags')
  })

  it.each([1, 2, 9, 10, 11, 12, 13])('answers all of them, built-in ones first, in pages of %i', async (MaxItems) => {
    const all = names((await list()).Policies)
    expect([all.length, all.slice(-3)]).toEqual([13, ['a', 'b', 'c']])
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await list({ MaxItems, ...(Marker === undefined ? {} : { Marker }) })
      expect(names(page.Policies).length).toBe(Math.min(MaxItems, all.length - seen.length))
      seen.push(...names(page.Policies))
      expect(page.IsTruncated).toBe(String(seen.length < all.length))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(all)
  })

  it.each(['x', '9.', '0.x', '1.!'])('refuses the marker %j', async (Marker) => {
    expect((await daypass.iam(ROOT, 'ListPolicies', { Marker })).code).toBe('InvalidInput')
  })
})

describe('ListEntitiesForPolicy', () => {
  let PolicyArn: string
  beforeEach(async () => {
    PolicyArn = await made('p')
    for (const UserName of ['u1', 'u2']) {
      await daypass.root('CreateUser', { UserName, Path: '/x/' })
      await daypass.root('AttachUserPolicy', { UserName, PolicyArn })
    }
    await daypass.root('CreateGroup', { GroupName: 'g' })
    await daypass.root('AttachGroupPolicy', { GroupName: 'g', PolicyArn })
    await daypass.root('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: PolicyArn })
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'u1', PermissionsBoundary: PolicyArn })
  })

  const entities = async (params = {}) => {
    const result = await daypass.root('ListEntitiesForPolicy', { PolicyArn, ...params })
    const of = (list: unknown, name: string) => members(list).map((each) => each[name])
    return {
      found: [
        ...of(result.PolicyUsers, 'UserName'),
        ...of(result.PolicyGroups, 'GroupName'),
        ...of(result.PolicyRoles, 'RoleName'),
      ],
      ...result,
    }
  }

  it.each([
    [{}, ['u1', 'u2', 'g', 'r']],
    [{ EntityFilter: 'User' }, ['u1', 'u2']],
    [{ EntityFilter: 'Group' }, ['g']],
    [{ EntityFilter: 'Role' }, ['r']],
    [{ EntityFilter: 'LocalManagedPolicy' }, []],
    [{ PathPrefix: '/x/' }, ['u1', 'u2']],
    [{ PolicyUsageFilter: 'PermissionsBoundary' }, ['u1', 'r']],
    [{ PolicyUsageFilter: 'PermissionsPolicy' }, ['u1', 'u2', 'g']],
  ])('answers %j with %j', async (params, expected) => {
    expect((await entities(params)).found).toEqual(expected)
  })

  it('tells the entities’ ids, and counts each entity once', async () => {
    const { PolicyUsers } = await entities()
    const { User } = await daypass.root('GetUser', { UserName: 'u1' })
    expect(members(PolicyUsers)[0]).toEqual({ UserName: 'u1', UserId: User.UserId })
    expect(await get(PolicyArn)).toMatchObject({ AttachmentCount: '3', PermissionsBoundaryUsageCount: '2' })
  })

  it('answers in pages', async () => {
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page: Awaited<ReturnType<typeof entities>> = await entities({ MaxItems: 3, Marker })
      seen.push(...page.found)
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen.sort()).toEqual(['g', 'r', 'u1', 'u2'])
  })

  it('forgets who gave the policy up, was renamed or went', async () => {
    await daypass.root('DetachGroupPolicy', { GroupName: 'g', PolicyArn })
    await daypass.root('UpdateUser', { UserName: 'u2', NewUserName: 'u3' })
    await daypass.root('DeleteRole', { RoleName: 'r' })
    await daypass.root('DeleteUserPermissionsBoundary', { UserName: 'u1' })
    expect((await entities()).found).toEqual(['u1', 'u3'])
    expect(await get(PolicyArn)).toMatchObject({ AttachmentCount: '2', PermissionsBoundaryUsageCount: '0' })
  })

  it('knows what the bootstrap document attached', async () => {
    const role = { RoleName: 'booted', AssumeRolePolicyDocument: TRUST }
    await daypass.apply({
      id: ACCOUNT,
      roles: [{ ...role, attachedPolicies: [PolicyArn], PermissionsBoundary: PolicyArn }],
    })
    expect((await entities({ EntityFilter: 'Role' })).found).toEqual(['booted', 'r'])
    await daypass.apply({ id: ACCOUNT, roles: [role] })
    expect((await entities({ EntityFilter: 'Role' })).found).toEqual(['r'])
    const { Policies } = await list({ Scope: 'Local' })
    expect(members(Policies)[0]).toMatchObject({ AttachmentCount: '3', PermissionsBoundaryUsageCount: '2' })
  })
})

describe('DeletePolicy', () => {
  const remove = (PolicyArn: string) => daypass.iam(ROOT, 'DeletePolicy', { PolicyArn })

  it('removes a policy with its tags', async () => {
    const PolicyArn = await made('p', { Tags: [{ Key: 'a', Value: '' }] })
    expect((await remove(PolicyArn)).code).toBeUndefined()
    expect((await remove(PolicyArn)).code).toBe('NoSuchEntity')
    await made('p')
    expect(members((await daypass.root('ListPolicyTags', { PolicyArn })).Tags)).toEqual([])
  })

  it.each([
    [
      'attached',
      {},
      (PolicyArn: string) => daypass.root('AttachRolePolicy', { RoleName: 'r', PolicyArn }),
      'DetachRolePolicy',
    ],
    [
      'a boundary',
      {},
      (PermissionsBoundary: string) =>
        daypass.root('PutRolePermissionsBoundary', { RoleName: 'r', PermissionsBoundary }),
      'DeleteRolePermissionsBoundary',
    ],
  ])('refuses while the policy is %s, and no longer', async (_what, _none, use, giveUp) => {
    const PolicyArn = await made('p')
    await daypass.root('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST })
    await use(PolicyArn)
    const refused = await remove(PolicyArn)
    expect([refused.status, refused.code, refused.message]).toEqual([
      409,
      'DeleteConflict',
      'Cannot delete a policy attached to entities.',
    ])
    await daypass.root(giveUp, { RoleName: 'r', PolicyArn })
    expect((await remove(PolicyArn)).code).toBeUndefined()
  })

  it('refuses while there are other versions', async () => {
    const PolicyArn = await made('p')
    await daypass.root('CreatePolicyVersion', { PolicyArn, PolicyDocument: DOCUMENT })
    expect((await remove(PolicyArn)).message).toMatch(/^This policy has more than one version/)
    await daypass.root('DeletePolicyVersion', { PolicyArn, VersionId: 'v2' })
    expect((await remove(PolicyArn)).code).toBeUndefined()
  })

  it('never leaves a policy attached that is gone, whatever meets it', async () => {
    await daypass.root('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST })
    for (let round = 0; round < 10; round++) {
      const PolicyArn = await made('p')
      const [removed, attached] = await Promise.all([
        remove(PolicyArn),
        daypass.iam(ROOT, 'AttachRolePolicy', { RoleName: 'r', PolicyArn }),
      ])
      const row = await daypass.deps.store.get(roleKey(ACCOUNT, 'r'))
      const holds = JSON.stringify(row).includes('policy/p')
      expect(holds).toBe(attached.code === undefined)
      expect(removed.code === undefined && holds).toBe(false)
      if (holds) await daypass.root('DetachRolePolicy', { RoleName: 'r', PolicyArn })
      if (removed.code !== undefined) expect((await remove(PolicyArn)).code).toBeUndefined()
    }
  })
})

describe('built-in policies', () => {
  const OTHER = {
    PolicyArn: S3_FULL,
    PolicyDocument: DOCUMENT,
    VersionId: 'v2',
    Tags: [{ Key: 'a', Value: '' }],
    TagKeys: ['a'],
  }
  it.each([
    'DeletePolicy',
    'CreatePolicyVersion',
    'DeletePolicyVersion',
    'SetDefaultPolicyVersion',
    'TagPolicy',
    'UntagPolicy',
  ])('cannot be changed, not even by root: %s', async (action) => {
    expect(await daypass.iam(ROOT, action, OTHER)).toMatchObject({ status: 403, code: 'AccessDenied' })
    expect((await get(S3_FULL)).DefaultVersionId).toBe('v2')
  })

  it('tell their text and their users', async () => {
    const { PolicyVersion } = await daypass.root('GetPolicyVersion', { PolicyArn: S3_FULL, VersionId: 'v2' })
    expect(JSON.parse(decodeURIComponent(PolicyVersion.Document)).Statement[0].Action).toContain('s3:*')
    expect((await daypass.iam(ROOT, 'GetPolicyVersion', { PolicyArn: S3_FULL, VersionId: 'v1' })).code).toBe(
      'NoSuchEntity',
    )
    await daypass.root('CreateUser', { UserName: 'u' })
    await daypass.root('AttachUserPolicy', { UserName: 'u', PolicyArn: S3_FULL })
    const { PolicyUsers } = await daypass.root('ListEntitiesForPolicy', { PolicyArn: S3_FULL })
    expect(members(PolicyUsers)).toHaveLength(1)
    expect((await get(S3_FULL)).AttachmentCount).toBe('1')
  })

  it('are counted for each account by itself', async () => {
    await daypass.apply({
      id: '111122223333',
      rootAccessKey: { AccessKeyId: 'other', SecretAccessKey: 'other-secret' },
      users: [{ UserName: 'u', attachedPolicies: [S3_FULL] }],
    })
    expect((await get(S3_FULL)).AttachmentCount).toBe('0')
    const other = { accessKeyId: 'other', secretAccessKey: 'other-secret' }
    expect((await daypass.iam(other, 'GetPolicy', { PolicyArn: S3_FULL })).result.Policy.AttachmentCount).toBe('1')
  })
})

describe('tags of a policy', () => {
  it('are added, replaced, listed in pages and removed', async () => {
    const PolicyArn = await made('p', { Tags: [{ Key: 'a', Value: '1' }] })
    await daypass.root('TagPolicy', {
      PolicyArn,
      Tags: [
        { Key: 'A', Value: '2' },
        { Key: 'b', Value: '' },
      ],
    })
    const page = await daypass.root('ListPolicyTags', { PolicyArn, MaxItems: 1 })
    expect([members(page.Tags), page.IsTruncated]).toEqual([[{ Key: 'A', Value: '2' }], 'true'])
    await daypass.root('UntagPolicy', { PolicyArn, TagKeys: ['a'] })
    expect(members((await daypass.root('ListPolicyTags', { PolicyArn })).Tags)).toEqual([{ Key: 'b', Value: '' }])
  })
})

it.each([
  ['GetPolicy', {}],
  ['DeletePolicy', {}],
  ['CreatePolicyVersion', { PolicyDocument: '{' }],
  ['GetPolicyVersion', { VersionId: 'v1' }],
  ['ListPolicyVersions', {}],
  ['SetDefaultPolicyVersion', { VersionId: 'v1' }],
  ['DeletePolicyVersion', { VersionId: 'v1' }],
  ['ListEntitiesForPolicy', {}],
  ['TagPolicy', { Tags: [{ Key: 'a', Value: '' }] }],
  ['UntagPolicy', { TagKeys: ['a'] }],
  ['ListPolicyTags', {}],
])('%s needs its right, before it is told whether the policy exists', async (action, params) => {
  const there = await made('there')
  const neighbour = await daypass.user('neighbour', { Action: 'iam:*', Resource: arn('policy/other') })
  const allowed = await daypass.user('allowed', { Action: `iam:${action}`, Resource: arn('policy/*') })
  for (const PolicyArn of [there, arn('policy/none')]) {
    expect((await daypass.iam(neighbour, action, { PolicyArn, ...params })).code).toBe('AccessDenied')
    expect((await daypass.iam(allowed, action, { PolicyArn, ...params })).code).not.toBe('AccessDenied')
  }
})

it.each([
  ['CreatePolicy', { PolicyName: 'new', PolicyDocument: DOCUMENT }],
  ['ListPolicies', {}],
])('%s needs its right', async (action, params) => {
  const nobody = await daypass.user('nobody', { Action: 'iam:Get*' })
  const allowed = await daypass.user('allowed', { Action: `iam:${action}` })
  expect((await daypass.iam(nobody, action, params)).code).toBe('AccessDenied')
  expect((await daypass.iam(allowed, action, params)).code).toBeUndefined()
})
