import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  type IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  paginateListRoles,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'
import { type IamServer, serveIam } from '../support/iam-server.ts'

const trusting = (AWS: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: [AWS] }, Action: ['sts:AssumeRole'] }],
  })

describe.each([ACCOUNT, ''])('the SDK in the account %j', (id) => {
  let daypass: IamDeployment
  let server: IamServer
  let iam: IAMClient
  const arn = (rest: string) => `arn:aws:iam::${id}:${rest}`

  beforeEach(async () => {
    daypass = await iamDeployment({ id })
    server = await serveIam(daypass)
    iam = server.client(ROOT)
  })
  afterEach(() => server.close())

  const createRole = (RoleName: string, trusted: string, more = {}) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(trusted), ...more }))

  it('makes a role with trust and a policy, and who is trusted assumes it', async () => {
    const tester = await daypass.user('tester1')
    const { Role } = await createRole('S3Access', arn('user/tester1'), { Path: '/', MaxSessionDuration: 3600 })
    expect(Role).toMatchObject({ Arn: arn('role/S3Access'), RoleName: 'S3Access', MaxSessionDuration: 3600 })
    expect(Role?.CreateDate).toEqual(new Date('2026-01-01T00:00:00Z'))
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'S3Access',
        PolicyName: 'P',
        PolicyDocument: policy({ Action: 'iam:ListRoles' }),
      }),
    )
    const session = await daypass.signed(tester, {
      Action: 'AssumeRole',
      RoleArn: Role?.Arn ?? '',
      RoleSessionName: 'Bob',
    })
    const assumed = server.client(credentialsOf(session))
    expect((await assumed.send(new ListRolesCommand({}))).Roles).toHaveLength(1)
    await expect(assumed.send(new GetRoleCommand({ RoleName: 'S3Access' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    await expect(iam.send(new DeleteRoleCommand({ RoleName: 'S3Access' }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      $metadata: { httpStatusCode: 409 },
    })
  })

  it('registers an OpenID provider on plain http', async () => {
    const { OpenIDConnectProviderArn } = await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: 'http://localhost:8080/auth/realms/quickstart',
        ClientIDList: ['app-profile-jsp'],
        ThumbprintList: ['0123456789abcdef0123456789ABCDEF01234567'],
      }),
    )
    expect(OpenIDConnectProviderArn).toBe(arn('oidc-provider/localhost:8080/auth/realms/quickstart'))
    const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))
    expect(provider).toMatchObject({
      ClientIDList: ['app-profile-jsp'],
      Url: 'http://localhost:8080/auth/realms/quickstart',
    })
  })

  it('works with policies, their versions and their users', async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: policy({ Action: 's3:Get*' }) }),
    )
    const PolicyArn = Policy?.Arn ?? ''
    const PolicyDocument = policy({ Action: 's3:Put*', Resource: 'arn:aws:s3:::a+b (c)/*' })
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }))
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(PolicyDocument)
    await createRole('r', arn('root'))
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn }))
    const { PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
    expect(PolicyRoles?.map(({ RoleName }) => RoleName)).toEqual(['r'])
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }))
    expect(Policies).toMatchObject([{ PolicyName: 'p', AttachmentCount: 1, IsAttachable: true }])
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
    expect(details.RoleDetailList?.[0]?.AttachedManagedPolicies).toEqual([{ PolicyName: 'p', PolicyArn }])
  })

  it('pages through roles', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await createRole(name, arn('root'))
    const found: (string | undefined)[] = []
    for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 2 }, {})) {
      found.push(...Roles.map(({ RoleName }) => RoleName))
    }
    expect(found).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('simulates', async () => {
    await createRole('r', arn('root'))
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: arn('role/r'),
        ActionNames: ['s3:GetObject'],
        PolicyInputList: [policy({ Action: 's3:*', Condition: { NumericLessThan: { 's3:max-keys': '10' } } })],
        ContextEntries: [{ ContextKeyName: 's3:max-keys', ContextKeyType: 'numeric', ContextKeyValues: ['5'] }],
        ResourceArns: ['arn:aws:s3:::photos/a'],
      }),
    )
    expect(EvaluationResults).toMatchObject([
      {
        EvalActionName: 's3:GetObject',
        EvalDecision: 'allowed',
        MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1', StartPosition: { Line: 1, Column: 38 } }],
        ResourceSpecificResults: [{ EvalResourceDecision: 'allowed' }],
      },
    ])
  })
})
