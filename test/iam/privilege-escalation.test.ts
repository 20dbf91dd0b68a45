import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess'
const BOUNDARY = arn('policy/boundary')
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' },
})
const ALL = policy({ Action: '*' })

let daypass: IamDeployment

beforeEach(async () => {
  daypass = await iamDeployment()
  await daypass.root('CreatePolicy', { PolicyName: 'boundary', PolicyDocument: policy({ Action: 's3:*' }) })
  await daypass.root('CreatePolicy', { PolicyName: 'app', PolicyDocument: policy({ Action: 's3:GetObject' }) })
  await daypass.root('CreateRole', {
    RoleName: 'free',
    AssumeRolePolicyDocument: TRUST,
    Tags: [{ Key: 'owner', Value: 'root' }],
  })
  await daypass.root('CreateRole', {
    RoleName: 'bound',
    AssumeRolePolicyDocument: TRUST,
    PermissionsBoundary: BOUNDARY,
  })
})

const tries = async (
  who: SigningCredentials,
  attempts: readonly (readonly [string, Record<string, string | { Key: string; Value: string }[] | string[]>])[],
) => {
  const codes: (string | undefined)[] = []
  for (const [action, params] of attempts) codes.push((await daypass.iam(who, action, params)).code)
  return codes
}

describe('whoever may make roles within a boundary only', () => {
  let builder: SigningCredentials
  beforeEach(async () => {
    builder = await daypass.user(
      'builder',
      {
        Action: [
          'iam:CreateRole',
          'iam:PutRolePermissionsBoundary',
          'iam:AttachRolePolicy',
          'iam:PutRolePolicy',
          'iam:DeleteRolePolicy',
          'iam:DetachRolePolicy',
        ],
        Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } },
      },
      { Action: ['iam:UpdateRole', 'iam:CreatePolicy'] },
    )
  })

  it('makes roles with it', async () => {
    expect(
      await tries(builder, [
        ['CreateRole', { RoleName: 'mine', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: BOUNDARY }],
        ['PutRolePolicy', { RoleName: 'mine', PolicyName: 'p', PolicyDocument: ALL }],
        ['AttachRolePolicy', { RoleName: 'mine', PolicyArn: ADMIN }],
        ['DetachRolePolicy', { RoleName: 'mine', PolicyArn: ADMIN }],
        ['DeleteRolePolicy', { RoleName: 'mine', PolicyName: 'p' }],
        ['PutRolePermissionsBoundary', { RoleName: 'free', PermissionsBoundary: BOUNDARY }],
      ]),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
  })

  it.each<readonly [string, string, Record<string, string>]>([
    ['without a boundary', 'CreateRole', { RoleName: 'mine', AssumeRolePolicyDocument: TRUST }],
    [
      'with a wider one',
      'CreateRole',
      { RoleName: 'mine', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: ADMIN },
    ],
    [
      'with another case of its ARN',
      'CreateRole',
      { RoleName: 'mine', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: arn('policy/BOUNDARY') },
    ],
    ['by widening a role’s boundary', 'PutRolePermissionsBoundary', { RoleName: 'bound', PermissionsBoundary: ADMIN }],
    ['by dropping a role’s boundary', 'DeleteRolePermissionsBoundary', { RoleName: 'bound' }],
    ['by attaching to a role without one', 'AttachRolePolicy', { RoleName: 'free', PolicyArn: ADMIN }],
    ['by writing into a role without one', 'PutRolePolicy', { RoleName: 'free', PolicyName: 'p', PolicyDocument: ALL }],
    [
      'by widening the boundary itself',
      'CreatePolicyVersion',
      { PolicyArn: BOUNDARY, PolicyDocument: ALL, SetAsDefault: 'true' },
    ],
    ['by trusting itself in another’s role', 'UpdateAssumeRolePolicy', { RoleName: 'free', PolicyDocument: TRUST }],
  ])('makes none %s', async (_how, action, params) => {
    expect((await daypass.iam(builder, action, params)).code).toBe('AccessDenied')
    expect((await daypass.iam(ROOT, action, params)).code).not.toBe('AccessDenied')
  })

  it('cannot widen a boundary by making its policy anew while it is in use', async () => {
    await daypass.root('PutUserPolicy', {
      UserName: 'builder',
      PolicyName: 'more',
      PolicyDocument: policy({ Action: 'iam:DeletePolicy' }),
    })
    expect(
      await tries(builder, [
        ['DeletePolicy', { PolicyArn: BOUNDARY }],
        ['CreatePolicy', { PolicyName: 'Boundary', PolicyDocument: ALL }],
      ]),
    ).toEqual(['DeleteConflict', 'EntityAlreadyExists'])
  })
})

describe('whoever may attach certain policies only', () => {
  let operator: SigningCredentials
  beforeEach(async () => {
    operator = await daypass.user('operator', {
      Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:AttachUserPolicy'],
      Condition: { ArnEquals: { 'iam:PolicyARN': arn('policy/app') } },
    })
  })

  it('attaches and detaches those', async () => {
    const params = { RoleName: 'free', PolicyArn: arn('policy/app') }
    expect(
      await tries(operator, [
        ['AttachRolePolicy', params],
        ['DetachRolePolicy', params],
      ]),
    ).toEqual([undefined, undefined])
  })

  it('attaches no other, and takes none away', async () => {
    await daypass.root('AttachRolePolicy', { RoleName: 'free', PolicyArn: BOUNDARY })
    expect(
      await tries(operator, [
        ['AttachRolePolicy', { RoleName: 'free', PolicyArn: ADMIN }],
        ['AttachRolePolicy', { RoleName: 'free', PolicyArn: arn('policy/none') }],
        ['DetachRolePolicy', { RoleName: 'free', PolicyArn: BOUNDARY }],
        ['AttachUserPolicy', { UserName: 'operator', PolicyArn: ADMIN }],
        ['PutRolePolicy', { RoleName: 'free', PolicyName: 'p', PolicyDocument: ALL }],
      ]),
    ).toEqual(['AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied'])
  })
})

describe('whoever may touch what carries a tag only', () => {
  let owner: SigningCredentials
  const TAG = { Key: 'owner', Value: 'me' }
  beforeEach(async () => {
    await daypass.root('CreateRole', { RoleName: 'mine', AssumeRolePolicyDocument: TRUST, Tags: [TAG] })
    await daypass.root('TagPolicy', { PolicyArn: arn('policy/app'), Tags: [TAG] })
    await daypass.root('CreateOpenIDConnectProvider', { Url: 'https://mine.example', Tags: [TAG] })
    await daypass.root('CreateOpenIDConnectProvider', { Url: 'https://theirs.example' })
    owner = await daypass.user(
      'owner',
      {
        Action: ['iam:*Role*', 'iam:*Policy*', 'iam:*OpenID*'],
        Condition: { StringEquals: { 'aws:ResourceTag/owner': 'me' } },
      },
      {
        Action: ['iam:CreateRole', 'iam:CreatePolicy'],
        Condition: {
          StringEquals: { 'aws:RequestTag/owner': 'me' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['owner'] },
        },
      },
      // Tags that come with a new entity ask for the right to tag it too.
      { Action: ['iam:TagRole', 'iam:TagPolicy'], Resource: [arn('role/new'), arn('policy/new')] },
      {
        Effect: 'Deny',
        Action: ['iam:TagRole', 'iam:UntagRole', 'iam:TagPolicy', 'iam:UntagPolicy'],
        Resource: [arn('role/mine'), arn('role/free'), arn('policy/app')],
        Condition: { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': 'owner' } },
      },
    )
  })

  it('does so', async () => {
    expect(
      await tries(owner, [
        ['UpdateRole', { RoleName: 'mine', Description: 'd' }],
        ['TagRole', { RoleName: 'mine', Tags: [{ Key: 'other', Value: 'x' }] }],
        ['CreatePolicyVersion', { PolicyArn: arn('policy/app'), PolicyDocument: ALL }],
        [
          'AddClientIDToOpenIDConnectProvider',
          { OpenIDConnectProviderArn: arn('oidc-provider/mine.example'), ClientID: 'x' },
        ],
        ['CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST, Tags: [TAG] }],
        ['CreatePolicy', { PolicyName: 'new', PolicyDocument: ALL, Tags: [TAG] }],
      ]),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
  })

  it.each<readonly [string, string, Record<string, string | { Key: string; Value: string }[] | string[]>]>([
    ['a role of others', 'UpdateRole', { RoleName: 'free', Description: 'd' }],
    ['a role of others, tagged on the way', 'TagRole', { RoleName: 'free', Tags: [TAG] }],
    ['its tag', 'UntagRole', { RoleName: 'mine', TagKeys: ['Owner'] }],
    ['its tag’s value', 'TagRole', { RoleName: 'mine', Tags: [{ Key: 'OWNER', Value: 'root' }] }],
    ['a policy of others', 'CreatePolicyVersion', { PolicyArn: BOUNDARY, PolicyDocument: ALL }],
    ['a policy’s tag', 'UntagPolicy', { PolicyArn: arn('policy/app'), TagKeys: ['owner'] }],
    [
      'a provider of others',
      'AddClientIDToOpenIDConnectProvider',
      { OpenIDConnectProviderArn: arn('oidc-provider/theirs.example'), ClientID: 'x' },
    ],
    ['a new role without the tag', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST }],
    [
      'a new role with another owner',
      'CreateRole',
      { RoleName: 'new', AssumeRolePolicyDocument: TRUST, Tags: [{ Key: 'owner', Value: 'root' }] },
    ],
    [
      'a new role with more tags',
      'CreateRole',
      { RoleName: 'new', AssumeRolePolicyDocument: TRUST, Tags: [TAG, { Key: 'x', Value: '' }] },
    ],
  ])('does not touch %s', async (_what, action, params) => {
    expect((await daypass.iam(owner, action, params)).code).toBe('AccessDenied')
  })
})

it('a boundary that is set bites at once, also on who set it free before', async () => {
  const admin = await daypass.user('admin', { Action: '*' })
  await daypass.root('PutUserPermissionsBoundary', { UserName: 'admin', PermissionsBoundary: BOUNDARY })
  expect(
    await tries(admin, [
      ['DeleteUserPermissionsBoundary', { UserName: 'admin' }],
      ['AttachUserPolicy', { UserName: 'admin', PolicyArn: ADMIN }],
      ['CreatePolicyVersion', { PolicyArn: BOUNDARY, PolicyDocument: ALL, SetAsDefault: 'true' }],
      ['DeletePolicy', { PolicyArn: BOUNDARY }],
    ]),
  ).toEqual(['AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied'])
})
