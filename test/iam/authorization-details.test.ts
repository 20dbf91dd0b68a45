import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy } from '../support/iam.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const READ_ONLY = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
const DOCUMENT = policy({ Action: 's3:GetObject' })
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' },
})

let daypass: IamDeployment

beforeEach(async () => {
  daypass = await iamDeployment()
  await daypass.root('CreatePolicy', { PolicyName: 'p', PolicyDocument: DOCUMENT, Description: 'told' })
  await daypass.root('CreatePolicyVersion', {
    PolicyArn: arn('policy/p'),
    PolicyDocument: policy({ Action: 's3:PutObject' }),
  })
  await daypass.root('CreateUser', { UserName: 'u', Tags: [{ Key: 'k', Value: 'v' }], PermissionsBoundary: READ_ONLY })
  await daypass.root('PutUserPolicy', { UserName: 'u', PolicyName: 'own', PolicyDocument: DOCUMENT })
  await daypass.root('AttachUserPolicy', { UserName: 'u', PolicyArn: arn('policy/p') })
  await daypass.root('CreateGroup', { GroupName: 'g' })
  await daypass.root('AddUserToGroup', { GroupName: 'g', UserName: 'u' })
  await daypass.root('PutGroupPolicy', { GroupName: 'g', PolicyName: 'shared', PolicyDocument: DOCUMENT })
  await daypass.root('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST })
  await daypass.root('AttachRolePolicy', { RoleName: 'r', PolicyArn: arn('policy/p') })
})

const details = (params = {}) => daypass.root('GetAccountAuthorizationDetails', params)
const found = (answer: Record<string, unknown>) => [
  ...members(answer.UserDetailList).map(({ UserName }) => UserName),
  ...members(answer.GroupDetailList).map(({ GroupName }) => GroupName),
  ...members(answer.RoleDetailList).map(({ RoleName }) => RoleName),
  ...members(answer.Policies).map(({ PolicyName }) => PolicyName),
]

describe('GetAccountAuthorizationDetails', () => {
  it('tells all of users, groups, roles and policies', async () => {
    const answer = await details()
    const encoded = encodeURIComponent(DOCUMENT).replaceAll('*', '%2A')
    expect(members(answer.UserDetailList)).toEqual([
      {
        Path: '/',
        UserName: 'u',
        UserId: expect.stringMatching(/^AIDA/),
        Arn: arn('user/u'),
        CreateDate: '2026-01-01T00:00:00Z',
        UserPolicyList: { member: [{ PolicyName: 'own', PolicyDocument: encoded }] },
        GroupList: { member: ['g'] },
        AttachedManagedPolicies: { member: [{ PolicyName: 'p', PolicyArn: arn('policy/p') }] },
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: READ_ONLY },
        Tags: { member: [{ Key: 'k', Value: 'v' }] },
      },
    ])
    expect(members(answer.GroupDetailList)[0]).toMatchObject({
      GroupName: 'g',
      GroupPolicyList: { member: [{ PolicyName: 'shared', PolicyDocument: encoded }] },
      AttachedManagedPolicies: '',
    })
    expect(members(answer.RoleDetailList)[0]).toEqual({
      Path: '/',
      RoleName: 'r',
      RoleId: expect.stringMatching(/^AROA/),
      Arn: arn('role/r'),
      CreateDate: '2026-01-01T00:00:00Z',
      AssumeRolePolicyDocument: encodeURIComponent(TRUST).replaceAll('*', '%2A'),
      InstanceProfileList: '',
      RolePolicyList: '',
      AttachedManagedPolicies: { member: [{ PolicyName: 'p', PolicyArn: arn('policy/p') }] },
      Tags: '',
      RoleLastUsed: '',
    })
    const [builtIn, own] = members(answer.Policies)
    expect(builtIn).toMatchObject({
      PolicyName: 'IAMReadOnlyAccess',
      AttachmentCount: '0',
      PermissionsBoundaryUsageCount: '1',
    })
    expect(own).toMatchObject({ PolicyName: 'p', Description: 'told', AttachmentCount: '2', DefaultVersionId: 'v1' })
    expect(members(own.PolicyVersionList)).toEqual([
      { Document: encoded, VersionId: 'v1', IsDefaultVersion: 'true', CreateDate: '2026-01-01T00:00:00Z' },
      {
        Document: expect.stringContaining('PutObject'),
        VersionId: 'v2',
        IsDefaultVersion: 'false',
        CreateDate: '2026-01-01T00:00:00Z',
      },
    ])
  })

  it.each([
    [['User'], ['u']],
    [['Group'], ['g']],
    [['Role'], ['r']],
    [['LocalManagedPolicy'], ['p']],
    [['AWSManagedPolicy'], ['IAMReadOnlyAccess']],
    [
      ['Role', 'User'],
      ['u', 'r'],
    ],
  ])('answers the filter %j with %j', async (Filter, expected) => {
    expect(found(await details({ Filter }))).toEqual(expected)
  })

  it.each([1, 2, 3, 4, 5])('answers in pages of %i', async (MaxItems) => {
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await details({ MaxItems, Marker })
      expect(found(page).length).toBe(Math.min(MaxItems, 5 - seen.length))
      seen.push(...found(page))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(['u', 'g', 'r', 'IAMReadOnlyAccess', 'p'])
  })

  it('needs its right', async () => {
    const nobody = await daypass.user('nobody', { Action: 'iam:List*' })
    const allowed = await daypass.user('allowed', { Action: 'iam:GetAccountAuthorizationDetails' })
    expect((await daypass.iam(nobody, 'GetAccountAuthorizationDetails')).code).toBe('AccessDenied')
    expect((await daypass.iam(allowed, 'GetAccountAuthorizationDetails')).code).toBeUndefined()
  })
})
