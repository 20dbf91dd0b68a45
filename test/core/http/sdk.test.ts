import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateRoleCommand,
  type CreateRoleRequest,
  DeleteUserCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import { claimedOperation } from '../../../functions/core/http/claimed-operation.ts'
import { operation } from '../../../functions/core/http/query-operation.ts'
import { queryService } from '../../../functions/core/http/query-service.ts'
import { createRoleModel } from '../../../functions/core/model/iam/create-role.ts'
import { deleteUserModel } from '../../../functions/core/model/iam/delete-user.ts'
import { listRolesModel } from '../../../functions/core/model/iam/list-roles.ts'
import { assumeRoleModel } from '../../../functions/core/model/sts/assume-role.ts'
import { getCallerIdentityModel } from '../../../functions/core/model/sts/get-caller-identity.ts'
import { aRequest, recordingLog } from './a-request.ts'

const received: unknown[] = []
const role = (RoleName: string) => ({
  RoleName,
  Path: '/',
  RoleId: 'AROA',
  Arn: `arn:aws:iam:::role/${RoleName}`,
  CreateDate: new Date('2026-01-01T00:00:00Z'),
})

const assumeRole = operation<AssumeRoleRequest, AssumeRoleResponse>(assumeRoleModel, async (input) => {
  received.push(input)
  return {
    Credentials: {
      AccessKeyId: 'ASIA0000000000000000',
      SecretAccessKey: 'secret',
      SessionToken: 'to<k>&en\r\n',
      Expiration: new Date('2026-01-01T00:00:00.9Z'),
    },
    AssumedRoleUser: { AssumedRoleId: 'AROA:é', Arn: 'arn:aws:sts:::assumed-role/r/é' },
    PackedPolicySize: 0,
  }
})
const getCallerIdentity = operation(getCallerIdentityModel, async () => {
  throw new StsError('InvalidClientTokenId', 'The security token <included> is invalid')
})
const createRole = operation<CreateRoleRequest, unknown>(createRoleModel, async (input) => {
  received.push(input)
  return { Role: { ...role(input.RoleName ?? ''), Tags: [] } }
})
const listRoles = operation(listRolesModel, async () => ({
  Roles: [role('a'), role('b')],
  IsTruncated: true,
  Marker: 'm',
}))
const deleteUser = operation(deleteUserModel, async () => undefined)

const { log } = recordingLog()
const clock = { now: () => 0 }
const services = {
  sts: queryService({ service: 'sts', operations: [assumeRole, getCallerIdentity], modelled: [], log, clock }),
  iam: queryService({ service: 'iam', operations: [createRole, listRoles, deleteUser], modelled: [], log, clock }),
}

let server: Server
let sts: STSClient
let iam: IAMClient

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const request = aRequest({ headers, body: Buffer.concat(chunks), method: incoming.method ?? '' })
    const response = await services[claimedOperation(request).service](request)
    outgoing.writeHead(response.status, response.headers).end(response.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const options = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  }
  sts = new STSClient(options)
  iam = new IAMClient(options)
})

afterAll(async () => {
  sts.destroy()
  iam.destroy()
  await new Promise((closed) => server.close(closed))
})

describe("AWS's SDK", () => {
  it('sends an input that arrives as it was, and reads the answer', async () => {
    const input = {
      RoleArn: 'arn:aws:iam:::role/S3Access',
      RoleSessionName: 'session',
      DurationSeconds: 900,
      Policy: '{"Statement": "a+b c%&=é"}',
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/A' }],
      Tags: [
        { Key: 'k 1', Value: '' },
        { Key: 'é', Value: 'v+' },
      ],
      TransitiveTagKeys: [],
    }
    const { $metadata, ...output } = await sts.send(new AssumeRoleCommand(input))
    expect(received.pop()).toEqual(input)
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: 'request-1' })
    expect(output).toEqual({
      Credentials: {
        AccessKeyId: 'ASIA0000000000000000',
        SecretAccessKey: 'secret',
        SessionToken: 'to<k>&en\r\n',
        Expiration: new Date('2026-01-01T00:00:00Z'),
      },
      AssumedRoleUser: { AssumedRoleId: 'AROA:é', Arn: 'arn:aws:sts:::assumed-role/r/é' },
      PackedPolicySize: 0,
    })
  })

  it('reads a refusal', () =>
    expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      message: 'The security token <included> is invalid',
      $metadata: { httpStatusCode: 403, requestId: 'request-1' },
    }))

  it('reads the lists, empty lists and empty answers of IAM', async () => {
    const created = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags: [] }))
    expect(received.pop()).toEqual({ RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags: [] })
    expect(created.Role).toEqual({ ...role('r'), Tags: [] })
    const { Roles, IsTruncated, Marker } = await iam.send(new ListRolesCommand({}))
    expect({ Roles, IsTruncated, Marker }).toEqual({ Roles: [role('a'), role('b')], IsTruncated: true, Marker: 'm' })
    await expect(iam.send(new DeleteUserCommand({ UserName: 'u' }))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200 },
    })
  })
})
