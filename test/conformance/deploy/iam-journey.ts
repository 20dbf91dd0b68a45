import assert from 'node:assert/strict'
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateAccountAliasCommand,
  CreateGroupCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteAccountAliasCommand,
  DeleteGroupCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachGroupPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  GetGroupCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  ListAccountAliasesCommand,
  ListEntitiesForPolicyCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import { clientsOf, type Deployment, refused, rejected } from './clients.ts'
import { ACCOUNT } from './trial-document.ts'

const ALLOW_ALL = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
const USER = { UserName: 'trial-user' }
const GROUP = { GroupName: 'trial-group' }
const ROLE = { RoleName: 'trial-role' }

/** The IAM API through the front door, so that each kind of row is read and written with the rights of its function alone. */
export async function* iamJourney(deployment: Deployment): AsyncGenerator<string> {
  const { root, iam, send, signed } = clientsOf(deployment)
  const admin = iam(root)

  await admin.send(new CreateUserCommand(USER))
  await rejected(admin.send(new CreateUserCommand(USER)), 'EntityAlreadyExistsException')
  const { AccessKey } = await admin.send(new CreateAccessKeyCommand(USER))
  assert.ok(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey)
  const keys = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  await rejected(iam(keys).send(new ListUsersCommand({})), 'AccessDenied')
  await rejected(iam({ ...keys, secretAccessKey: 'x' }).send(new GetUserCommand({})), 'SignatureDoesNotMatch')
  yield 'root makes a user and a key by IAM at the front door; the user may do nothing'

  await admin.send(new CreateGroupCommand(GROUP))
  await admin.send(new AddUserToGroupCommand({ ...GROUP, ...USER }))
  const { Policy } = await admin.send(
    new CreatePolicyCommand({ PolicyName: 'trial-policy', PolicyDocument: ALLOW_ALL, Description: 'trial' }),
  )
  const { Arn: PolicyArn } = Policy ?? {}
  await admin.send(
    new CreatePolicyVersionCommand({
      PolicyArn,
      PolicyDocument: policy({ Effect: 'Allow', Action: ['iam:GetUser', 'iam:ListUsers'], Resource: '*' }),
      SetAsDefault: true,
    }),
  )
  const { PolicyVersion } = await admin.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  assert.equal(decodeURIComponent(PolicyVersion?.Document ?? ''), ALLOW_ALL)
  await admin.send(new AttachGroupPolicyCommand({ ...GROUP, PolicyArn }))
  const { PolicyGroups } = await admin.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
  assert.deepEqual(
    PolicyGroups?.map(({ GroupName }) => GroupName),
    [GROUP.GroupName],
  )
  const { Users } = await iam(keys).send(new ListUsersCommand({}))
  assert.deepEqual(
    Users?.map(({ UserName }) => UserName),
    [USER.UserName],
  )
  await rejected(iam(keys).send(new CreateUserCommand({ UserName: 'other' })), 'AccessDenied')
  yield "a managed policy's version and a group give the user rights, and no others"

  await admin.send(new UpdateUserCommand({ ...USER, NewUserName: 'trial-renamed' }))
  const { Users: members } = await admin.send(new GetGroupCommand(GROUP))
  assert.deepEqual(
    members?.map(({ UserName }) => UserName),
    ['trial-renamed'],
  )
  await admin.send(new UpdateUserCommand({ UserName: 'trial-renamed', NewUserName: USER.UserName }))
  const { UserName } = await admin.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keys.accessKeyId }))
  assert.equal(UserName, USER.UserName)
  yield 'a user is renamed with all that refers to it, and found by its key'

  const trust = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } })
  await admin.send(new CreateRoleCommand({ ...ROLE, AssumeRolePolicyDocument: trust }))
  await admin.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: 'own', PolicyDocument: ALLOW_ALL }))
  const { OpenIDConnectProviderArn } = await admin.send(
    new CreateOpenIDConnectProviderCommand({ Url: 'https://trial.example', ClientIDList: ['trial'] }),
  )
  const { OpenIDConnectProviderList } = await admin.send(new ListOpenIDConnectProvidersCommand({}))
  assert.ok(OpenIDConnectProviderList?.some(({ Arn }) => Arn === OpenIDConnectProviderArn))
  await admin.send(new CreateAccountAliasCommand({ AccountAlias: 'trial' }))
  assert.deepEqual((await admin.send(new ListAccountAliasesCommand({}))).AccountAliases, ['trial'])
  const { Policies } = await admin.send(new ListPoliciesCommand({ Scope: 'Local' }))
  assert.equal(Policies?.[0]?.AttachmentCount, 1)
  const { RoleDetailList } = await admin.send(new GetAccountAuthorizationDetailsCommand({}))
  assert.ok(RoleDetailList?.some(({ RoleName }) => RoleName === ROLE.RoleName))
  yield 'roles, providers, aliases and the account’s details are written and read'

  await refused(send('POST', '', { Action: 'ListUsers', Version: '2010-05-08' }), 403, 'MissingAuthenticationToken')
  await refused(signed(root, '', { Action: 'ListUsers' }), 400, 'InvalidAction')
  yield 'IAM refuses a request without a signature, and another version of its own'

  await admin.send(new DeleteAccountAliasCommand({ AccountAlias: 'trial' }))
  await admin.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))
  await admin.send(new DeleteRolePolicyCommand({ ...ROLE, PolicyName: 'own' }))
  await admin.send(new DeleteRoleCommand(ROLE))
  await admin.send(new DetachGroupPolicyCommand({ ...GROUP, PolicyArn }))
  await admin.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  await admin.send(new DeletePolicyCommand({ PolicyArn }))
  await admin.send(new RemoveUserFromGroupCommand({ ...GROUP, ...USER }))
  await admin.send(new DeleteGroupCommand(GROUP))
  await admin.send(new DeleteAccessKeyCommand({ ...USER, AccessKeyId: keys.accessKeyId }))
  await admin.send(new DeleteUserCommand(USER))
  await refused(signed(keys, '', { Action: 'GetCallerIdentity' }), 403, 'InvalidClientTokenId')
  yield 'all of it is deleted, and the key opens nothing any more'
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement })
}
