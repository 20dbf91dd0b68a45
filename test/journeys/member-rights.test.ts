import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  type IAMClient,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, type Account, type Keys, outcome, policy, startAccount } from './account.ts'

const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`
const ADMIN_POLICY = 'arn:aws:iam::aws:policy/AdministratorAccess'
const PolicyDocument = policy({ Action: '*' })
const AssumeRolePolicyDocument = policy({ Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' })

/** What every member tries; `n` keeps the names of what is made apart. */
const OPERATIONS = {
  ListUsers: (iam: IAMClient) => iam.send(new ListUsersCommand({})),
  ListGroups: (iam: IAMClient) => iam.send(new ListGroupsCommand({})),
  ListRoles: (iam: IAMClient) => iam.send(new ListRolesCommand({})),
  ListPolicies: (iam: IAMClient) => iam.send(new ListPoliciesCommand({ Scope: 'Local' })),
  GetAccountSummary: (iam: IAMClient) => iam.send(new GetAccountSummaryCommand({})),
  GetAccountAuthorizationDetails: (iam: IAMClient) => iam.send(new GetAccountAuthorizationDetailsCommand({})),
  'GetUser: oneself': (iam: IAMClient) => iam.send(new GetUserCommand({})),
  'GetUser: in the team': (iam: IAMClient) => iam.send(new GetUserCommand({ UserName: 'mate' })),
  'GetUser: outside': (iam: IAMClient) => iam.send(new GetUserCommand({ UserName: 'stranger' })),
  'CreateUser: in the team': (iam: IAMClient, n: string) =>
    iam.send(new CreateUserCommand({ UserName: `made-${n}`, Path: '/team/' })),
  'CreateUser: outside': (iam: IAMClient, n: string) => iam.send(new CreateUserCommand({ UserName: `outside-${n}` })),
  'TagUser: in the team': (iam: IAMClient, n: string) =>
    iam.send(new TagUserCommand({ UserName: 'mate', Tags: [{ Key: n, Value: '' }] })),
  'TagUser: outside': (iam: IAMClient, n: string) =>
    iam.send(new TagUserCommand({ UserName: 'stranger', Tags: [{ Key: n, Value: '' }] })),
  'PutUserPolicy: oneself': (iam: IAMClient, n: string) =>
    iam.send(new PutUserPolicyCommand({ UserName: n, PolicyName: 'more', PolicyDocument })),
  'AttachUserPolicy: oneself': (iam: IAMClient, n: string) =>
    iam.send(new AttachUserPolicyCommand({ UserName: n, PolicyArn: ADMIN_POLICY })),
  'DeleteUserPermissionsBoundary: oneself': (iam: IAMClient, n: string) =>
    iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: n })),
  'CreateAccessKey: in the team': (iam: IAMClient) => iam.send(new CreateAccessKeyCommand({ UserName: 'keyless' })),
  'CreateRole: in the team': (iam: IAMClient, n: string) =>
    iam.send(new CreateRoleCommand({ RoleName: `made-${n}`, Path: '/team/', AssumeRolePolicyDocument })),
  'CreateRole: outside': (iam: IAMClient, n: string) =>
    iam.send(new CreateRoleCommand({ RoleName: `outside-${n}`, AssumeRolePolicyDocument })),
  'CreateGroup: outside': (iam: IAMClient, n: string) =>
    iam.send(new CreateGroupCommand({ GroupName: `outside-${n}` })),
  'DeleteUser: outside': (iam: IAMClient, n: string) => iam.send(new DeleteUserCommand({ UserName: `prey-of-${n}` })),
} as const
type Operation = keyof typeof OPERATIONS

interface Member {
  readonly is: string
  readonly name: string
  readonly policy?: string
  readonly groupPolicy?: string
  readonly boundary?: string
  readonly may: readonly Operation[]
}

const LISTS: readonly Operation[] = ['ListUsers', 'ListGroups', 'ListRoles', 'ListPolicies', 'GetAccountSummary']
const READS: readonly Operation[] = [
  ...LISTS,
  'GetAccountAuthorizationDetails',
  'GetUser: oneself',
  'GetUser: in the team',
  'GetUser: outside',
]
const everything = Object.keys(OPERATIONS) as Operation[]
const TEAM = [arn('user/team/*'), arn('role/team/*'), arn('group/team/*')]

const MEMBERS: readonly Member[] = [
  { is: 'has no policy', name: 'nobody', may: [] },
  { is: 'may list users', name: 'lister', policy: policy({ Action: 'iam:ListUsers' }), may: ['ListUsers'] },
  {
    is: 'may list users, in an action of other case',
    name: 'shouter',
    policy: policy({ Action: 'IAM:LISTUSERS' }),
    may: ['ListUsers'],
  },
  {
    is: 'may read',
    name: 'reader',
    policy: policy({ Action: ['iam:Get*', 'iam:List*'] }),
    may: READS,
  },
  {
    is: 'may do all on one path',
    name: 'lead',
    policy: policy({ Action: 'iam:*', Resource: TEAM }),
    may: [
      'GetUser: in the team',
      'CreateUser: in the team',
      'TagUser: in the team',
      'CreateAccessKey: in the team',
      'CreateRole: in the team',
    ],
  },
  {
    is: 'may do all by a group, but not change users',
    name: 'grouped',
    groupPolicy: policy({ Action: '*' }, { Effect: 'Deny', Action: ['iam:*User*', 'iam:CreateAccessKey'] }),
    may: ['ListGroups', 'ListRoles', 'ListPolicies', 'GetAccountSummary', 'GetAccountAuthorizationDetails'].concat([
      'CreateRole: in the team',
      'CreateRole: outside',
      'CreateGroup: outside',
    ]) as Operation[],
  },
  {
    is: 'may do all within a boundary of reading',
    name: 'bounded',
    policy: policy({ Action: '*' }),
    boundary: policy({ Action: ['iam:Get*', 'iam:List*'] }),
    may: READS,
  },
  {
    is: 'has a boundary of everything and no policy',
    name: 'hollow',
    boundary: policy({ Action: '*' }),
    may: [],
  },
  {
    is: 'may do all but on itself',
    name: 'selfless',
    policy: policy(
      { Action: 'iam:*' },
      { Effect: 'Deny', Action: 'iam:*', Resource: arn('user/$' + '{aws:username}') },
    ),
    may: everything.filter((operation) => !operation.endsWith('oneself')),
  },
  {
    is: 'may do all but not in the team',
    name: 'outsider',
    policy: policy({ Action: '*' }, { Effect: 'Deny', Action: 'iam:*', Resource: TEAM }),
    may: everything.filter((operation) => !operation.endsWith('in the team')),
  },
  {
    is: 'may make users only with a boundary',
    name: 'delegate',
    policy: policy({
      Action: ['iam:CreateUser', 'iam:GetUser'],
      Condition: { StringEquals: { 'iam:PermissionsBoundary': arn('policy/bounded') } },
    }),
    may: [],
  },
  {
    is: 'had all rights until a time that is over',
    name: 'former',
    policy: policy({ Action: '*', Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }),
    may: [],
  },
]

let account: Account
const keys = new Map<string, Keys>()

beforeAll(async () => {
  account = await startAccount()
  const iam = account.iam()
  for (const [UserName, Path] of [
    ['mate', '/team/'],
    ['keyless', '/team/'],
    ['stranger', '/'],
  ]) {
    await iam.send(new CreateUserCommand({ UserName, Path }))
  }
  for (const member of MEMBERS) {
    const { name: UserName } = member
    if (member.boundary !== undefined) {
      await iam.send(new CreatePolicyCommand({ PolicyName: UserName, PolicyDocument: member.boundary }))
    }
    const PermissionsBoundary = member.boundary === undefined ? undefined : arn(`policy/${UserName}`)
    await iam.send(new CreateUserCommand({ UserName, PermissionsBoundary }))
    await iam.send(new CreateUserCommand({ UserName: `prey-of-${UserName}` }))
    if (member.policy !== undefined) {
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: member.policy }))
    }
    if (member.groupPolicy !== undefined) {
      const GroupName = `of-${UserName}`
      await iam.send(new CreateGroupCommand({ GroupName }))
      await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'shared', PolicyDocument: member.groupPolicy }))
      await iam.send(new AddUserToGroupCommand({ GroupName, UserName }))
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    keys.set(UserName, AccessKey ?? {})
  }
})
afterAll(() => account.end())

describe('a member of an account', () => {
  it.each(MEMBERS)('who $is may do exactly that', async ({ name, may }) => {
    const iam = account.iam(keys.get(name) ?? {})
    const granted: string[] = []
    for (const [operation, call] of Object.entries(OPERATIONS)) {
      const result = await outcome(call(iam, name))
      // Whoever gets past the policies may meet the rules of the API itself.
      if (result === 'AccessDenied') continue
      expect(['ok', 'NoSuchEntityException', 'LimitExceededException'], `${operation}: ${result}`).toContain(result)
      granted.push(operation)
    }
    expect(granted.sort()).toEqual([...may].sort())
  })

  it('who may make users only with a boundary makes them with that one, and no others', async () => {
    const iam = account.iam(keys.get('delegate') ?? {})
    const make = (UserName: string, boundary?: string) =>
      outcome(iam.send(new CreateUserCommand({ UserName, PermissionsBoundary: boundary && arn(`policy/${boundary}`) })))
    expect(await make('contained', 'bounded')).toBe('ok')
    expect(await make('uncontained', 'hollow')).toBe('AccessDenied')
    expect(await make('free')).toBe('AccessDenied')
  })
})
