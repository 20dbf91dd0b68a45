import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { decisionWebhook, webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import type { WebhookInput } from '@daypass/core/decision-webhook/input.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { mintSession } from '@daypass/core/sessions/mint.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import type { RoleSession } from '@daypass/core/store/entities/session.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { s3Authenticate } from '../../../functions/s3/authenticate.ts'
import { s3AuthorizeByWebhook } from '../../../functions/s3/authorize.ts'
import { callerOf, type Gateway, type Guard, startGateway } from '../../s3/support/gateway.ts'
import { send } from '../../s3/support/raw.ts'
import { presign, signRequest } from '../../support/sign.ts'
import { type FakeWebhook, saying, startFakeWebhook } from './fake-webhook.ts'

const ACCOUNT = '123456789012'
const policy = (Effect: string, Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action, Resource: '*' }],
})
const key = (name: string) => ({
  AccessKeyId: `AKIA${name.toUpperCase()}`,
  SecretAccessKey: `${name}-secret-of-forty-characters-0000000000`,
})
const reads = `arn:aws:iam::${ACCOUNT}:policy/reads`

const document: BootstrapDocument = {
  accounts: [
    {
      id: ACCOUNT,
      rootAccessKey: key('root'),
      policies: [{ PolicyName: 'reads', PolicyDocument: policy('Allow', 's3:Get*') }],
      groups: [{ GroupName: 'projecta' }],
      users: [
        { UserName: 'alice', accessKeys: [key('alice')], groups: ['projecta'] },
        { UserName: 'forbidden', accessKeys: [key('forbidden')], policies: { no: policy('Deny', 's3:*') } },
        { UserName: 'mighty', accessKeys: [key('mighty')], policies: { all: policy('Allow', '*') } },
        { UserName: 'bounded', accessKeys: [key('bounded')], PermissionsBoundary: reads },
      ],
      roles: [
        {
          RoleName: 'fetcher',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
          },
        },
      ],
    },
    { id: '210987654321', rootAccessKey: key('neighbour') },
  ],
}

const KEY = newStoredKey(Date.now())
const ring = new KeyRing(async () => ({ keys: [KEY] }), systemClock)
const log = { info: () => {}, warn: () => {}, error: () => {} }

let opa: FakeWebhook
let gateway: Gateway
const clients: S3Client[] = []

const guard = async (store: Store): Promise<Guard> => {
  await applyBootstrap({ store, longTermRing: ring, clock: systemClock }, document)
  return {
    authenticate: s3Authenticate({ store, sessionRing: ring, longTermRing: ring, clock: systemClock }),
    authorize: s3AuthorizeByWebhook(systemClock, decisionWebhook({ url: opa.url }, { fetch: webhookFetch(), log })),
  }
}

beforeAll(async () => {
  opa = await startFakeWebhook()
  gateway = await startGateway(undefined, guard)
  await userOf('root').send(new CreateBucketCommand({ Bucket: 'shared' }))
  await userOf('root').send(new PutObjectCommand({ Bucket: 'shared', Key: 'a/b c', Body: 'text' }))
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await gateway.close()
  await opa.close()
})
beforeEach(() => {
  opa.answer(saying('{"result":true}'))
  opa.asked.length = 0
})

function clientOf(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): S3Client {
  const { endpoint } = gateway
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 })
  clients.push(client)
  return client
}
const credentialsOf = (name: string) => {
  const { AccessKeyId, SecretAccessKey } = key(name)
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
}
const userOf = (name: string) => clientOf(credentialsOf(name))

const CLAIMS = { sub: ['alice'], 'jwt:groups': ['projecta', 'projectb'], policy: ['readonly', 'diagnostics'] }

async function sessionOf(sessionPolicy?: object) {
  const { roleId } = parseRole((await gateway.store.get(roleKey(ACCOUNT, 'fetcher'))) ?? expect.fail('no role'))
  const draft: Omit<RoleSession, 'accessKeyId' | 'sealedSecret'> = {
    kind: 'role',
    account: ACCOUNT,
    issuedAt: Date.now(),
    expiresAt: Math.floor(Date.now() / 1000) + 900,
    roleName: 'fetcher',
    roleId,
    roleSessionName: 'test',
    sessionPolicyArns: [],
    tags: [],
    transitiveTagKeys: [],
    claims: CLAIMS,
    ancestors: [],
    ...(sessionPolicy && { sessionPolicy: JSON.stringify(sessionPolicy) }),
  }
  const minted = await mintSession({ store: gateway.store, sessionRing: ring }, draft)
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = minted
  return { accessKeyId, secretAccessKey, sessionToken, userId: `${roleId}:test` }
}

const get = (client: S3Client) => client.send(new GetObjectCommand({ Bucket: 'shared', Key: 'a/b c' }))
const put = (client: S3Client) => client.send(new PutObjectCommand({ Bucket: 'shared', Key: 'new', Body: 'x' }))
const denied = expect.objectContaining({ name: 'AccessDenied' })
const inputs = (): WebhookInput[] => opa.asked.map(({ body }) => JSON.parse(body).input)
const denyAll = () => opa.answer(saying('{"result":{"allow":false}}'))

describe('the decision webhook', () => {
  it('decides in place of identity policies', async () => {
    await get(userOf('alice'))
    await get(userOf('forbidden'))
    denyAll()
    await expect(get(userOf('alice'))).rejects.toEqual(denied)
    await expect(get(userOf('mighty'))).rejects.toEqual(denied)
  })

  it('decides in place of the bucket policy', async () => {
    const open = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
    const shut = { ...open, Effect: 'Deny' }
    const asks = (statement: object, verdict: 'allow' | 'deny') => {
      const authorize = s3AuthorizeByWebhook(systemClock, async () => verdict)
      return authorize(callerOf('AKIDBOB'), {
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::shared/a',
        resourceAccount: '111111111111',
        resourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        context: new Map(),
        head: HEAD,
      })
    }
    expect(await asks(open, 'deny')).toEqual({ allowed: false })
    expect(await asks(shut, 'allow')).toEqual({ allowed: true })
  })

  it('decides in place of ACLs, which let nobody in', async () => {
    const asks = (caller: ReturnType<typeof callerOf> | undefined, verdict: 'allow' | 'deny', listed?: 'everyone') =>
      s3AuthorizeByWebhook(systemClock, async () => verdict)(caller, {
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::shared/a',
        resourceAccount: '111111111111',
        objectAccount: '333333333333',
        ...(listed && { listed }),
        context: new Map(),
        head: HEAD,
      })
    expect(await asks(callerOf('AKIDBOB'), 'deny', 'everyone')).toEqual({ allowed: false })
    expect(await asks(undefined, 'allow', 'everyone')).toEqual({ allowed: false })
    expect(await asks(callerOf('AKIDBOB'), 'allow')).toEqual({ allowed: true })
  })

  it('is asked about root too, which owns the buckets of its own account alone', async () => {
    await get(userOf('root'))
    expect(inputs()).toMatchObject([
      { owner: true, conditions: { principaltype: ['Account'], username: ['AKIAROOT'] } },
    ])
    opa.asked.length = 0
    await get(userOf('neighbour'))
    expect(inputs()).toMatchObject([
      { owner: false, conditions: { PrincipalAccount: ['210987654321'], ResourceAccount: [ACCOUNT] } },
    ])
    denyAll()
    await expect(get(userOf('root'))).rejects.toEqual(denied)
  })

  it('cannot widen a session policy, and is not asked beyond it', async () => {
    const limited = clientOf(await sessionOf(policy('Allow', 's3:GetObject')))
    await get(limited)
    opa.asked.length = 0
    await expect(put(limited)).rejects.toEqual(denied)
    expect(opa.asked).toEqual([])
    await put(clientOf(await sessionOf()))
  })

  it('cannot widen a permissions boundary', async () => {
    await get(userOf('bounded'))
    opa.asked.length = 0
    await expect(put(userOf('bounded'))).rejects.toEqual(denied)
    expect(opa.asked).toEqual([])
  })

  it('is not asked for anonymous requests, which are refused', async () => {
    expect((await send(gateway, { path: '/shared/a', as: null })).status).toBe(403)
    expect(opa.asked).toEqual([])
  })

  it('refuses when it fails, and is asked no more during that request', async () => {
    await userOf('root').send(new CreateBucketCommand({ Bucket: 'another' }))
    opa.asked.length = 0
    opa.answer((_request, response) => response.writeHead(500).end())
    await expect(userOf('alice').send(new ListBucketsCommand({}))).rejects.toEqual(denied)
    expect(opa.asked).toHaveLength(1)
    opa.answer(saying('{"result":true}'))
    const { Buckets } = await userOf('alice').send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['another', 'shared'])
  })

  it('is asked for each bucket of a list of buckets when the whole list is denied', async () => {
    opa.answer((_request, response) => {
      const { action, bucket } = inputs().at(-1) ?? expect.fail('not asked')
      response.end(JSON.stringify({ result: action === 's3:ListBucket' && bucket === 'shared' }))
    })
    const { Buckets } = await userOf('alice').send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['shared'])
    expect(inputs()[0]).toMatchObject({ action: 's3:ListAllMyBuckets', bucket: '', object: '' })
  })
})

const HEAD = {
  method: 'GET',
  rawPath: '/shared/a',
  rawQuery: '',
  headers: {},
  sourceIp: '192.0.2.1',
  secure: true,
  requestId: 'id',
}

describe('what the webhook is told', () => {
  it('of a user is exactly this', async () => {
    await userOf('alice').send(new ListObjectsV2Command({ Bucket: 'shared', Prefix: 'a/', Delimiter: '/', MaxKeys: 7 }))
    expect(inputs()).toEqual([
      {
        account: 'AKIAALICE',
        groups: ['projecta'],
        action: 's3:ListBucket',
        bucket: 'shared',
        object: '',
        owner: false,
        claims: {},
        denyOnly: false,
        conditions: {
          CurrentTime: [expect.stringMatching(/^\d{4}-\d\d-\d\dT/)],
          EpochTime: [expect.stringMatching(/^\d{10}$/)],
          SecureTransport: ['false'],
          SourceIp: ['127.0.0.1'],
          UserAgent: [expect.stringContaining('aws-sdk-js')],
          authType: ['REST-HEADER'],
          signatureAge: [expect.stringMatching(/^\d+$/)],
          signatureversion: ['AWS4-HMAC-SHA256'],
          prefix: ['a/'],
          delimiter: ['/'],
          'max-keys': ['7'],
          principaltype: ['User'],
          username: ['alice'],
          userid: ['alice'],
          PrincipalArn: [`arn:aws:iam::${ACCOUNT}:user/alice`],
          PrincipalAccount: [ACCOUNT],
          PrincipalIsAWSService: ['false'],
          ViaAWSService: ['false'],
          ResourceAccount: [ACCOUNT],
        },
      },
    ])
  })

  it('of a session has its claims by their own names', async () => {
    const { userId, ...credentials } = await sessionOf()
    await get(clientOf(credentials))
    expect(inputs()).toMatchObject([
      {
        account: credentials.accessKeyId,
        groups: [],
        action: 's3:GetObject',
        bucket: 'shared',
        object: 'a/b c',
        owner: false,
        claims: { sub: 'alice', groups: ['projecta', 'projectb'], policy: 'readonly,diagnostics' },
        conditions: { principaltype: ['AssumedRole'], username: [userId] },
      },
    ])
  })

  it('has no credential of any kind, however the request was signed', async () => {
    const { userId: _, ...credentials } = await sessionOf()
    const signed = { service: 's3', region: 'us-east-1', now: Date.now(), ...credentials }
    const { path, rawQuery } = presign({ ...signed, method: 'GET', url: `${gateway.endpoint}/shared/a/b%20c` })
    expect((await fetch(`${gateway.endpoint}${path}?${rawQuery}`)).status).toBe(200)
    await put(clientOf(credentials))
    expect(inputs()).toHaveLength(2)
    for (const { body, headers } of opa.asked) {
      expect(body).not.toContain(credentials.sessionToken.slice(0, 40))
      expect(body).not.toContain(credentials.secretAccessKey)
      expect(body).not.toMatch(/authorization|security-token|x-amz-|credential|signedheaders|"[0-9a-f]{64}"/i)
      expect(headers).not.toHaveProperty('authorization')
    }
    expect(inputs()[0]?.conditions.authType).toEqual(['REST-QUERY-STRING'])
  })

  it('of an upload has the headers that policies can ask about', async () => {
    const wish = {
      Bucket: 'shared',
      Key: 'new',
      Body: 'x',
      StorageClass: 'STANDARD',
      Metadata: { secret: 'mine' },
    } as const
    await userOf('alice').send(new PutObjectCommand(wish))
    const conditions = inputs()[0]?.conditions ?? {}
    expect(Object.keys(conditions).filter((name) => name.startsWith('x-amz'))).toEqual(['x-amz-storage-class'])
  })

  it('cannot be altered by headers and parameters that have the names of conditions', async () => {
    const headers = { username: 'root', sourceip: '10.0.0.1', principaltype: 'Account', 'x-amz-acl': 'private' }
    const { accessKeyId, secretAccessKey } = credentialsOf('alice')
    const url = `${gateway.endpoint}/shared?list-type=2&prefix=a&username=root&SourceIp=10.0.0.1&owner=true`
    const signed = { service: 's3', region: 'us-east-1', now: Date.now(), accessKeyId, secretAccessKey }
    const request = signRequest({ ...signed, method: 'GET', url, headers })
    const { host: _, ...sent } = request.headers
    expect((await fetch(url, { headers: sent })).status).toBe(200)
    const [input] = inputs()
    expect(input).toMatchObject({
      owner: false,
      conditions: { username: ['alice'], SourceIp: ['127.0.0.1'], principaltype: ['User'] },
    })
    expect(JSON.stringify(input)).not.toMatch(/root|10\.0\.0\.1/)
  })
})
