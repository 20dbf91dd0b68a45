import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteConflictException,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  LimitExceededException,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import {
  AssumeRoleCommand,
  MalformedPolicyDocumentException as BadSessionPolicy,
  GetCallerIdentityCommand,
  PackedPolicyTooLargeException,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, type Account, outcome, policy, startAccount } from './account.ts'

let account: Account
beforeAll(async () => {
  account = await startAccount()
})
afterAll(() => account.end())

const trusting = (userName: string) =>
  policy({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${userName}` }, Action: 'sts:AssumeRole' })

describe('a program with the JavaScript SDK', () => {
  it('makes a user, a policy and a role, takes the role, works by it, and takes everything away', async () => {
    const iam = account.iam()
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'worker', Tags: [{ Key: 'team', Value: 'ö' }] }))
    expect(User).toMatchObject({ Arn: `arn:aws:iam::${ACCOUNT}:user/worker`, CreateDate: expect.any(Date) })
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'worker' }))
    const document = policy({ Action: 's3:*', Resource: ['arn:aws:s3:::worker-*', 'arn:aws:s3:::worker-*/*'] })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'buckets', PolicyDocument: document }))
    await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trusting('worker') }))
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: Policy?.Arn }))
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }))
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(JSON.parse(trusting('worker')))

    const { Credentials } = await account
      .sts(AccessKey)
      .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'shift' }))
    expect(await account.sts(Credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/shift`,
      UserId: `${Role?.RoleId}:shift`,
    })
    const s3 = account.s3(Credentials ?? {})
    await s3.send(new CreateBucketCommand({ Bucket: 'worker-1' }))
    expect(await outcome(s3.send(new CreateBucketCommand({ Bucket: 'other' })))).toBe('AccessDenied')
    expect(await outcome(account.s3(AccessKey ?? {}).send(new ListBucketsCommand({})))).toBe('AccessDenied')

    await s3.send(new DeleteBucketCommand({ Bucket: 'worker-1' }))
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn: Policy?.Arn }))
    expect(await outcome(s3.send(new CreateBucketCommand({ Bucket: 'worker-2' })))).toBe('AccessDenied')
    await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }))
    const whoIsIt = account.sts(Credentials).send(new GetCallerIdentityCommand({}))
    expect(await outcome(whoIsIt)).toBe('InvalidClientTokenId')
  })

  it('reads long lists page by page', async () => {
    const iam = account.iam()
    for (let n = 0; n < 5; n += 1) {
      const AssumeRolePolicyDocument = trusting('administrator')
      await iam.send(new CreateRoleCommand({ Path: '/listed/', RoleName: `listed-${n}`, AssumeRolePolicyDocument }))
    }
    const pages: (string | undefined)[][] = []
    for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: '/listed/' })) {
      pages.push(Roles.map(({ RoleName }) => RoleName))
    }
    expect(pages).toEqual([['listed-0', 'listed-1'], ['listed-2', 'listed-3'], ['listed-4']])
  })
})

describe('the JavaScript SDK knows the refusal', () => {
  beforeAll(async () => {
    const iam = account.iam()
    await iam.send(new CreateUserCommand({ UserName: 'taken' }))
    await iam.send(new CreateAccessKeyCommand({ UserName: 'taken' }))
    await iam.send(new CreateAccessKeyCommand({ UserName: 'taken' }))
    await iam.send(new CreateRoleCommand({ RoleName: 'kept', AssumeRolePolicyDocument: trusting('administrator') }))
    const PolicyDocument = policy({ Action: 's3:*' })
    await iam.send(new PutRolePolicyCommand({ RoleName: 'kept', PolicyName: 'inline', PolicyDocument }))
  })

  it.each([
    [
      'of an entity that is not there',
      NoSuchEntityException,
      (iam: IAMClient) => iam.send(new GetUserCommand({ UserName: 'nobody' })),
    ],
    [
      'of a name that is taken',
      EntityAlreadyExistsException,
      (iam: IAMClient) => iam.send(new CreateUserCommand({ UserName: 'TAKEN' })),
    ],
    [
      'of a user that has keys',
      DeleteConflictException,
      (iam: IAMClient) => iam.send(new DeleteUserCommand({ UserName: 'taken' })),
    ],
    [
      'of a role that has policies',
      DeleteConflictException,
      (iam: IAMClient) => iam.send(new DeleteRoleCommand({ RoleName: 'kept' })),
    ],
    [
      'of a third access key',
      LimitExceededException,
      (iam: IAMClient) => iam.send(new CreateAccessKeyCommand({ UserName: 'taken' })),
    ],
    [
      'of a policy that is none',
      MalformedPolicyDocumentException,
      (iam: IAMClient) => {
        const PolicyDocument = '{"Version":"2012-10-17"}'
        return iam.send(new PutUserPolicyCommand({ UserName: 'taken', PolicyName: 'bad', PolicyDocument }))
      },
    ],
    [
      'of a trust policy that names a resource',
      MalformedPolicyDocumentException,
      (iam: IAMClient) =>
        iam.send(
          new CreateRoleCommand({ RoleName: 'bad', AssumeRolePolicyDocument: policy({ Action: 'sts:AssumeRole' }) }),
        ),
    ],
  ])('%s by its class', async (_what, type, call) => {
    const refusal = call(account.iam())
    await expect(refusal).rejects.toBeInstanceOf(type)
    await expect(refusal).rejects.toMatchObject({ $fault: 'client', message: expect.stringMatching(/\S/) })
  })

  it.each([
    ['of a session policy that is none', BadSessionPolicy, '{"Version":"2012-10-17"}'],
    [
      'of a session policy that is too long',
      PackedPolicyTooLargeException,
      policy({ Action: `s3:${'x'.repeat(10_240)}` }),
    ],
  ])('%s by its class', async (_what, type, Policy) => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/kept`
    const refusal = account.sts().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'limited', Policy }))
    await expect(refusal).rejects.toBeInstanceOf(type)
  })

  it('of a right that is missing by its code, and nothing was done', async () => {
    const iam = account.iam()
    await iam.send(new CreateUserCommand({ UserName: 'powerless' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'powerless' }))
    const refusal = account.iam(AccessKey).send(new CreateGroupCommand({ GroupName: 'mine' }))
    await expect(refusal).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining('iam:CreateGroup'),
    })
    await iam.send(new CreateGroupCommand({ GroupName: 'mine' }))
  })
})
