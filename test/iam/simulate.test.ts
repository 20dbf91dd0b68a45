import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'

const arn = (rest: string, account = ACCOUNT) => `arn:aws:iam::${account}:${rest}`
const OBJECT = 'arn:aws:s3:::photos/cat.jpg'
const OTHER = '111122223333'
const DENY = { Effect: 'Deny', Action: 's3:DeleteObject' } as const

let daypass: IamDeployment

beforeEach(async () => {
  daypass = await iamDeployment()
})

type Params = Readonly<
  Record<string, string | number | readonly (string | Readonly<Record<string, string>>)[] | undefined>
>

async function custom(PolicyInputList: readonly string[], ActionNames: readonly string[], params: Params = {}) {
  const result = await daypass.root('SimulateCustomPolicy', { PolicyInputList, ActionNames, ...params })
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  const results: any[] = members(result.EvaluationResults)
  return { results, IsTruncated: result.IsTruncated, Marker: result.Marker }
}
const decisions = async (...input: Parameters<typeof custom>) =>
  (await custom(...input)).results.map(({ EvalDecision }) => EvalDecision)
const entry = (ContextKeyName: string, ...values: string[]) => ({
  ContextKeyName,
  ContextKeyType: values.length > 1 ? 'stringList' : 'string',
  ...Object.fromEntries(values.map((value, index) => [`ContextKeyValues.member.${index + 1}`, value])),
})
const bucketPolicy = (statement: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*', ...statement }],
  })
const failure = async (action: string, params: Params) => {
  const { status, code, message } = await daypass.iam(ROOT, action, params)
  return { status, code, message }
}

describe('SimulateCustomPolicy', () => {
  it('tells the decision on each action, and by which statement', async () => {
    const document = policy({ Action: 's3:Get*' }, DENY)
    const { results, IsTruncated } = await custom([document], ['s3:GetObject', 's3:DeleteObject', 's3:PutObject'])
    expect(IsTruncated).toBe('false')
    expect(results[0]).toEqual({
      EvalActionName: 's3:GetObject',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: {
        member: [
          {
            SourcePolicyId: 'PolicyInputList.1',
            SourcePolicyType: 'IAM Policy',
            StartPosition: { Line: '1', Column: String(document.indexOf('[{') + 2) },
            EndPosition: { Line: '1', Column: String(document.indexOf('},{') + 2) },
          },
        ],
      },
      MissingContextValues: '',
    })
    expect(results.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'explicitDeny', 'implicitDeny'])
    expect(results[2].MatchedStatements).toBe('')
  })

  it('names of an explicit deny the denying statements alone', async () => {
    const { results } = await custom([policy({ Action: '*' }), policy(DENY)], ['s3:DeleteObject'])
    expect(members(results[0].MatchedStatements).map(({ SourcePolicyId }) => SourcePolicyId)).toEqual([
      'PolicyInputList.2',
    ])
  })

  it('decides each resource, with what is special to it', async () => {
    const document = policy({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' })
    const ResourceArns = [OBJECT, 'arn:aws:s3:::other/cat.jpg']
    const { results } = await custom([document], ['s3:GetObject'], { ResourceArns })
    expect(results.map(({ EvalResourceName, EvalDecision }) => [EvalResourceName, EvalDecision])).toEqual([
      [OBJECT, 'allowed'],
      ['arn:aws:s3:::other/cat.jpg', 'implicitDeny'],
    ])
    expect(results[0].EvalDecisionDetails).toBe('')
    expect(members(results[0].ResourceSpecificResults)).toEqual([
      {
        EvalResourceName: OBJECT,
        EvalResourceDecision: 'allowed',
        MatchedStatements: results[0].MatchedStatements,
        MissingContextValues: '',
        EvalDecisionDetails: '',
      },
    ])
  })

  it('takes any context key, and says which it misses', async () => {
    const document = policy({
      Action: 's3:GetObject',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' }, IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    })
    const missing = (await custom([document], ['s3:GetObject'])).results[0]
    expect(missing.EvalDecision).toBe('implicitDeny')
    expect(members(missing.MissingContextValues).sort()).toEqual(['aws:PrincipalTag/team', 'aws:SourceIp'])
    const ip = entry('aws:SourceIp', '192.0.2.7')
    expect(
      await decisions([document], ['s3:GetObject'], { ContextEntries: [ip, entry('AWS:principaltag/TEAM', 'red')] }),
    ).toEqual(['allowed'])
    expect(
      await decisions([document], ['s3:GetObject'], { ContextEntries: [ip, entry('aws:PrincipalTag/team', 'blue')] }),
    ).toEqual(['implicitDeny'])
    const keys = policy({ Action: 's3:*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } } })
    expect(await decisions([keys], ['s3:PutObject'], { ContextEntries: [entry('aws:TagKeys', 'a', 'c')] })).toEqual([
      'implicitDeny',
    ])
  })

  it('uses no key of the request that asks', async () => {
    const document = policy({ Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } })
    expect(await decisions([document], ['s3:GetObject'])).toEqual(['implicitDeny'])
  })

  it('bounds by a permissions boundary', async () => {
    const boundary = { PermissionsBoundaryPolicyInputList: [policy({ Action: 's3:GetObject' })] }
    const { results } = await custom([policy({ Action: 's3:*' })], ['s3:GetObject', 's3:PutObject'], boundary)
    expect(results.map((each) => [each.EvalDecision, each.PermissionsBoundaryDecisionDetail])).toEqual([
      ['allowed', { AllowedByPermissionsBoundary: 'true' }],
      ['implicitDeny', { AllowedByPermissionsBoundary: 'false' }],
    ])
    expect(
      (
        await failure('SimulateCustomPolicy', {
          PolicyInputList: [policy(DENY)],
          ActionNames: ['s3:GetObject'],
          PermissionsBoundaryPolicyInputList: [policy(DENY), policy(DENY)],
        })
      ).code,
    ).toBe('InvalidInput')
  })

  it('asks the resource’s policy as whom the caller is named', async () => {
    const ResourcePolicy = bucketPolicy({ Principal: { AWS: arn('user/bob') } })
    const all = { ResourceArns: [OBJECT], ResourcePolicy }
    const ask = (CallerArn: string, more = {}) =>
      decisions([policy(DENY)], ['s3:GetObject'], { ...all, CallerArn, ...more })
    expect(await ask(arn('user/bob'))).toEqual(['allowed'])
    expect(await ask(arn('user/eve'))).toEqual(['implicitDeny'])
    expect(await ask(arn('user/bob'), { ResourceOwner: arn('root', OTHER) })).toEqual(['implicitDeny'])
    const { results } = await custom([policy(DENY)], ['s3:GetObject'], { ...all, CallerArn: arn('user/bob') })
    expect(members(results[0].MatchedStatements)).toMatchObject([
      { SourcePolicyId: 'ResourcePolicy', SourcePolicyType: 'Resource Policy' },
    ])
  })

  it('tells both sides of an access across accounts', async () => {
    const all = {
      ResourceArns: [OBJECT],
      ResourceOwner: arn('root', OTHER),
      CallerArn: arn('user/bob'),
      ResourcePolicy: bucketPolicy({ Principal: { AWS: arn('user/bob') } }),
    }
    const half = (await custom([policy({ Action: 's3:Put*' })], ['s3:GetObject'], all)).results[0]
    expect([half.EvalDecision, members({ member: half.EvalDecisionDetails.entry })]).toEqual([
      'implicitDeny',
      [
        { key: 'IAM Policy', value: 'implicitDeny' },
        { key: 'Resource Policy', value: 'allowed' },
      ],
    ])
    const whole = (await custom([policy({ Action: 's3:*' })], ['s3:GetObject'], all)).results[0]
    expect(whole.EvalDecision).toBe('allowed')
  })

  it('answers in pages', async () => {
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await custom([policy({ Action: '*' })], ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], {
        MaxItems: 2,
        Marker,
      })
      seen.push(...page.results.map(({ EvalActionName }) => EvalActionName))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(['s3:GetObject', 's3:PutObject', 's3:ListBucket'])
  })

  it.each([
    ['a policy that is none', { PolicyInputList: ['{'] }, /^PolicyInputList\.1 is not valid: Syntax errors in policy/],
    [
      'a resource policy without a caller',
      { ResourcePolicy: bucketPolicy({ Principal: '*' }) },
      /CallerArn is required/,
    ],
    [
      'a resource policy that is none',
      { ResourcePolicy: '{}', CallerArn: arn('user/bob') },
      /^ResourcePolicy is not valid/,
    ],
    ['root as the caller', { CallerArn: arn('root') }, /CallerArn/],
    ['a caller that is nobody', { CallerArn: 'arn:aws:s3:::photos' }, /CallerArn/],
    ['an owner that is none', { ResourceOwner: 'me' }, /ResourceOwner/],
    ['an action with a wildcard', { ActionNames: ['s3:*'] }, /wildcards/],
    ['an action without a service', { ActionNames: ['GetObject'] }, /service:Action/],
    ['a context entry without a name', { ContextEntries: [{ ContextKeyType: 'string' }] }, /ContextKeyName/],
    [
      'policies of an organization',
      { 'OrderedOrganizationPolicyInputList.member.1.OrganizationPolicyInputList.member.1': policy(DENY) },
      /organizations/,
    ],
  ])('refuses %s', async (_what, params, message) => {
    const input = { PolicyInputList: [policy(DENY)], ActionNames: ['s3:GetObject'], ...params }
    expect(await failure('SimulateCustomPolicy', input)).toEqual({
      status: 400,
      code: 'InvalidInput',
      message: expect.stringMatching(message),
    })
  })
})

describe('SimulatePrincipalPolicy', () => {
  const BOB = arn('user/staff/bob')

  beforeEach(async () => {
    await daypass.root('CreateUser', { UserName: 'bob', Path: '/staff/', Tags: [{ Key: 'team', Value: 'red' }] })
    await daypass.root('PutUserPolicy', {
      UserName: 'bob',
      PolicyName: 'own',
      PolicyDocument: policy({ Action: 's3:GetObject' }),
    })
    await daypass.root('CreatePolicy', { PolicyName: 'managed', PolicyDocument: policy({ Action: 's3:PutObject' }) })
    await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: arn('policy/managed') })
    await daypass.root('CreateGroup', { GroupName: 'devs' })
    await daypass.root('PutGroupPolicy', {
      GroupName: 'devs',
      PolicyName: 'shared',
      PolicyDocument: policy({ Action: 's3:ListBucket' }),
    })
    await daypass.root('AttachGroupPolicy', {
      GroupName: 'devs',
      PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
    })
    await daypass.root('AddUserToGroup', { GroupName: 'devs', UserName: 'bob' })
  })

  const ask = async (ActionNames: string[], params: Params = {}, PolicySourceArn = BOB) =>
    members(
      (await daypass.root('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames, ...params })).EvaluationResults,
    )
  const source = (result: { readonly MatchedStatements: unknown }) =>
    members(result.MatchedStatements).map(({ SourcePolicyId }) => SourcePolicyId)

  it('asks a user’s own policies and those of its groups', async () => {
    const results = await ask(['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'iam:GetUser', 's3:DeleteObject'])
    expect(results.map((each) => [each.EvalDecision, ...source(each)])).toEqual([
      ['allowed', 'user_bob_own'],
      ['allowed', 'managed'],
      ['allowed', 'group_devs_shared'],
      ['allowed', 'IAMReadOnlyAccess'],
      ['implicitDeny'],
    ])
  })

  it('asks a group for what it gives its members', async () => {
    const [list, get] = await ask(['s3:ListBucket', 's3:GetObject'], {}, arn('group/devs'))
    expect([list.EvalDecision, get.EvalDecision]).toEqual(['allowed', 'implicitDeny'])
  })

  it('asks a role’s policies, within its boundary', async () => {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' },
    })
    await daypass.root('CreateRole', {
      RoleName: 'r',
      AssumeRolePolicyDocument,
      PermissionsBoundary: arn('policy/managed'),
    })
    await daypass.root('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) })
    const results = await ask(['s3:PutObject', 's3:GetObject'], {}, arn('role/r'))
    expect(results.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny'])
    expect(source(results[0])).toEqual(['role_r_p', 'managed'])
    const [wider] = await ask(
      ['s3:GetObject'],
      { PermissionsBoundaryPolicyInputList: [policy({ Action: '*' })] },
      arn('role/r'),
    )
    expect(wider.EvalDecision).toBe('allowed')
    const [freed] = await ask(
      ['s3:GetObject'],
      { PolicyExclusionList: [{ PolicyType: 'permission-boundary' }] },
      arn('role/r'),
    )
    expect([freed.EvalDecision, freed.PermissionsBoundaryDecisionDetail]).toEqual(['allowed', undefined])
  })

  it('adds the policies of the request', async () => {
    const PolicyInputList = [policy(DENY), policy({ Action: 's3:DeleteObject' })]
    const [result] = await ask(['s3:DeleteObject'], { PolicyInputList })
    expect([result.EvalDecision, source(result)]).toEqual(['explicitDeny', ['PolicyInputList.1']])
  })

  it.each([
    [{ PolicyType: 'user-managed', PolicyArn: arn('policy/managed') }, 's3:PutObject'],
    [
      {
        PolicyType: 'inline',
        'InlinePolicyIdentifier.PolicyName': 'shared',
        'InlinePolicyIdentifier.AttachmentType': 'group',
        'InlinePolicyIdentifier.AttachmentName': 'devs',
      },
      's3:ListBucket',
    ],
  ])('leaves out what is excluded: %j', async (exclusion, action) => {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket']
    const results = await ask(actions, { PolicyExclusionList: [exclusion] })
    const denied = results.filter(({ EvalDecision }) => EvalDecision === 'implicitDeny')
    expect(denied.map(({ EvalActionName }) => EvalActionName)).toEqual([action])
  })

  it('knows who the principal is, and still lets any key be tried', async () => {
    const document = policy({
      Action: 's3:DeleteObject',
      Condition: { StringEquals: { 'aws:username': 'bob', 'aws:PrincipalTag/team': 'red' } },
    })
    expect((await ask(['s3:DeleteObject'], { PolicyInputList: [document] }))[0].EvalDecision).toBe('allowed')
    const ContextEntries = [entry('aws:username', 'eve')]
    expect((await ask(['s3:DeleteObject'], { PolicyInputList: [document], ContextEntries }))[0].EvalDecision).toBe(
      'implicitDeny',
    )
  })

  it('is the caller of a resource policy itself', async () => {
    const ResourcePolicy = bucketPolicy({ Principal: { AWS: BOB }, Action: 's3:DeleteObject' })
    const all = { ResourceArns: [OBJECT], ResourcePolicy }
    expect((await ask(['s3:DeleteObject'], all))[0].EvalDecision).toBe('allowed')
    expect((await ask(['s3:DeleteObject'], { ...all, CallerArn: arn('user/eve') }))[0].EvalDecision).toBe(
      'implicitDeny',
    )
    const group = await failure('SimulatePrincipalPolicy', {
      PolicySourceArn: arn('group/devs'),
      ActionNames: ['s3:GetObject'],
      ResourcePolicy,
    })
    expect(group.message).toMatch(/CallerArn is required/)
  })

  it.each([
    ['another path', arn('user/bob'), 'NoSuchEntity'],
    ['an unknown user', arn('user/staff/none'), 'NoSuchEntity'],
    ['an unknown role', arn('role/none'), 'NoSuchEntity'],
    ['another account’s user', arn('user/staff/bob', OTHER), 'NoSuchEntity'],
    ['a policy', arn('policy/managed'), 'InvalidInput'],
    ['no ARN', 'x'.repeat(20), 'InvalidInput'],
  ])('refuses %s', async (_what, PolicySourceArn, code) => {
    expect((await failure('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: ['s3:GetObject'] })).code).toBe(
      code,
    )
    expect((await failure('GetContextKeysForPrincipalPolicy', { PolicySourceArn })).code).toBe(code)
  })

  it.each(['SimulatePrincipalPolicy', 'GetContextKeysForPrincipalPolicy'])(
    '%s needs the right on whom it asks about',
    async (action) => {
      const neighbour = await daypass.user('neighbour', { Action: 'iam:*', Resource: arn('user/neighbour') })
      const allowed = await daypass.user('allowed', { Action: `iam:${action}`, Resource: arn('user/staff/*') })
      for (const PolicySourceArn of [BOB, arn('user/staff/none')]) {
        const params = { PolicySourceArn, ActionNames: ['s3:GetObject'] }
        expect((await daypass.iam(neighbour, action, params)).code).toBe('AccessDenied')
        expect((await daypass.iam(allowed, action, params)).code).not.toBe('AccessDenied')
      }
    },
  )
})

it.each(['SimulateCustomPolicy', 'GetContextKeysForCustomPolicy'])('%s needs its right', async (action) => {
  const params = { PolicyInputList: [policy(DENY)], ActionNames: ['s3:GetObject'] }
  const nobody = await daypass.user('nobody', { Action: 'iam:List*' })
  const allowed = await daypass.user('allowed', { Action: `iam:${action}` })
  expect((await daypass.iam(nobody, action, params)).code).toBe('AccessDenied')
  expect((await daypass.iam(allowed, action, params)).code).toBeUndefined()
})

describe('context keys', () => {
  const variable = (before: string, key: string, after = '') => `${before}$\{${key}}${after}`
  const keyed = policy(
    {
      Action: 's3:*',
      Resource: variable('arn:aws:s3:::', 'aws:username', '/*'),
      Condition: { StringEquals: { 'aws:SourceIp': '1', 's3:prefix': variable('', 'aws:userid') } },
    },
    { Action: 's3:*', Condition: { Bool: { 'AWS:sourceIP': 'true' } } },
  )

  it('of a custom policy are told once each', async () => {
    const { ContextKeyNames } = await daypass.root('GetContextKeysForCustomPolicy', { PolicyInputList: [keyed, keyed] })
    expect(members(ContextKeyNames)).toEqual(['aws:username', 'aws:SourceIp', 's3:prefix', 'aws:userid'])
  })

  it('of a policy that is none are refused', async () => {
    expect((await failure('GetContextKeysForCustomPolicy', { PolicyInputList: ['{'] })).code).toBe('InvalidInput')
  })

  it('of a principal are those of all its policies and of the request’s', async () => {
    await daypass.root('CreateUser', { UserName: 'bob' })
    await daypass.root('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: keyed })
    await daypass.root('CreateGroup', { GroupName: 'g' })
    const inGroup = policy({ Action: 's3:*', Condition: { StringEquals: { 'aws:PrincipalTag/x': '1' } } })
    await daypass.root('PutGroupPolicy', { GroupName: 'g', PolicyName: 'p', PolicyDocument: inGroup })
    await daypass.root('AddUserToGroup', { GroupName: 'g', UserName: 'bob' })
    const extra = policy({ Action: 's3:*', Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } } })
    const { ContextKeyNames } = await daypass.root('GetContextKeysForPrincipalPolicy', {
      PolicySourceArn: arn('user/bob'),
      PolicyInputList: [extra],
    })
    expect(members(ContextKeyNames)).toEqual([
      'aws:username',
      'aws:SourceIp',
      's3:prefix',
      'aws:userid',
      'aws:PrincipalTag/x',
      'aws:MultiFactorAuthAge',
    ])
  })
})

it('simulates by the rules of a Ceph-style account', async () => {
  daypass = await iamDeployment({ id: '' })
  await daypass.root('CreateUser', { UserName: 'tester' })
  const tolerated = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:*', Resource: '*' },
  })
  await daypass.root('PutUserPolicy', { UserName: 'tester', PolicyName: 'p', PolicyDocument: tolerated })
  const { EvaluationResults } = await daypass.root('SimulatePrincipalPolicy', {
    PolicySourceArn: 'arn:aws:iam:::user/tester',
    ActionNames: ['s3:GetObject'],
    ResourceArns: [OBJECT],
  })
  expect(members(EvaluationResults)[0].EvalDecision).toBe('allowed')
})
