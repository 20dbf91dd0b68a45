import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteUserCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccountAliasesCommand,
  PutUserPolicyCommand,
  paginateGetGroup,
  paginateListUsers,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'

let daypass: IamDeployment
let server: Server
let iam: IAMClient

const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
  new IAMClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials,
    systemClockOffset: daypass.clock.now() - Date.now(),
  })

beforeEach(async () => {
  daypass = await iamDeployment()
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, headers, body } = await daypass.service({
      method: request.method ?? '',
      path: request.url ?? '',
      rawQuery: '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks),
      sourceIp: '127.0.0.1',
      secure: false,
      requestId: '00000000-0000-4000-8000-000000000000',
    })
    response.sendDate = false // the SDK would set its clock by it
    response.writeHead(status, headers).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  iam = client(ROOT)
})

afterEach(async () => {
  iam.destroy()
  server.close()
  server.closeAllConnections()
})

describe('the SDK', () => {
  it('makes a user, gives it a key and a policy, and works with that key', async () => {
    const { User } = await iam.send(
      new CreateUserCommand({ UserName: 'bob', Tags: [{ Key: 'team', Value: 'blue + red' }] }),
    )
    expect(User?.CreateDate).toEqual(new Date('2026-01-01T00:00:00Z'))
    const document = policy({ Action: 'iam:GetUser' })
    await iam.send(new PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'p', PolicyDocument: document }))
    const stored = await iam.send(new GetUserPolicyCommand({ UserName: 'bob', PolicyName: 'p' }))
    expect(decodeURIComponent(stored.PolicyDocument ?? '')).toBe(document)
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'bob' }))
    const bob = client({ accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' })
    expect((await bob.send(new GetUserCommand({}))).User?.Tags).toEqual([{ Key: 'team', Value: 'blue + red' }])
    await expect(bob.send(new ListAccountAliasesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(iam.send(new DeleteUserCommand({ UserName: 'bob' }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
    const used = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: AccessKey?.AccessKeyId ?? '' }))
    expect(used.AccessKeyLastUsed?.ServiceName).toBe('N/A')
    bob.destroy()
  })

  it('reads every page of users and of members', async () => {
    await iam.send(new CreateGroupCommand({ GroupName: 'devs' }))
    for (const UserName of ['a', 'b', 'c', 'd', 'e']) {
      await iam.send(new CreateUserCommand({ UserName }))
      await iam.send(new AddUserToGroupCommand({ GroupName: 'devs', UserName }))
    }
    const names: (string | undefined)[] = []
    for await (const page of paginateListUsers({ client: iam, pageSize: 2 }, {})) {
      names.push(...(page.Users ?? []).map(({ UserName }) => UserName))
    }
    for await (const page of paginateGetGroup({ client: iam, pageSize: 2 }, { GroupName: 'devs' })) {
      names.push(...(page.Users ?? []).map(({ UserName }) => UserName))
    }
    expect(names.join('')).toBe('abcdeabcde')
  })

  it('names errors as AWS does', async () => {
    await expect(iam.send(new GetUserCommand({ UserName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user with name none cannot be found.',
    })
    await iam.send(new CreateUserCommand({ UserName: 'bob' }))
    await expect(iam.send(new CreateUserCommand({ UserName: 'bob' }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
    })
    const Tags = [{ Key: 'aws:x', Value: '' }]
    await expect(iam.send(new TagUserCommand({ UserName: 'bob', Tags }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    })
  })

  it('reads a seed as bytes and a summary as numbers', async () => {
    const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
    expect(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString()).toMatch(/^[A-Z2-7]{64}$/)
    expect((await iam.send(new GetAccountSummaryCommand({}))).SummaryMap).toMatchObject({
      MFADevices: 1,
      UsersQuota: 5000,
    })
  })
})
