import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { mintSession } from '@daypass/core/sessions/mint.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import type { RoleSession } from '@daypass/core/store/entities/session.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Authenticate } from '../../functions/s3/authenticate.ts'
import { s3Authorize } from '../../functions/s3/authorize.ts'
import { type Gateway, type Guard, startGateway } from './support/gateway.ts'

const ACCOUNT = '123456789012'
const statement = (Action: string, Resource: string, Condition = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
})
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const key = (name: string) => ({
  AccessKeyId: `AKIA${name.toUpperCase()}`,
  SecretAccessKey: `${name}-secret-of-forty-characters-0000000000`,
})

const document: BootstrapDocument = {
  accounts: [
    {
      id: ACCOUNT,
      rootAccessKey: key('root'),
      users: [
        {
          UserName: 'reader',
          accessKeys: [key('reader')],
          policies: {
            home: policy(
              // biome-ignore lint/suspicious/noTemplateCurlyInString: the policy language's own variable
              statement('s3:*Object', 'arn:aws:s3:::shared/home/${aws:username}/*'),
              statement('s3:ListBucket', 'arn:aws:s3:::shared', { StringLike: { 's3:prefix': 'home/*' } }),
            ),
          },
        },
        { UserName: 'nobody', accessKeys: [key('nobody')] },
      ],
      roles: [
        {
          RoleName: 'fetcher',
          AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
          policies: { fetch: policy(statement('s3:GetObject', 'arn:aws:s3:::shared/*')) },
        },
      ],
    },
    { id: '', rootAccessKey: key('ceph') },
  ],
}

const ring = new KeyRing(async () => ({ keys: [KEY] }), systemClock)
const KEY = newStoredKey(Date.now())

const guard = async (store: Store): Promise<Guard> => {
  await applyBootstrap({ store, longTermRing: ring, clock: systemClock }, document)
  const deps = { store, sessionRing: ring, longTermRing: ring, clock: systemClock }
  return { authenticate: s3Authenticate(deps), authorize: s3Authorize(systemClock) }
}

let gateway: Gateway
const clients: S3Client[] = []
const clientOf = (
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  region = 'us-east-1',
) => {
  const { endpoint } = gateway
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials, maxAttempts: 1 })
  clients.push(client)
  return client
}
const userOf = (name: string, region?: string) => {
  const { AccessKeyId, SecretAccessKey } = key(name)
  return clientOf({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }, region)
}

/** Credentials of a session of the role, as STS mints them. */
async function sessionOf(lifetime: { expiresIn: number; sessionPolicy?: object }) {
  const item = (await gateway.store.get(roleKey(ACCOUNT, 'fetcher'))) ?? expect.fail('no role')
  const { roleId } = parseRole(item)
  const draft: Omit<RoleSession, 'accessKeyId' | 'sealedSecret'> = {
    kind: 'role',
    account: ACCOUNT,
    issuedAt: Date.now(),
    expiresAt: Math.floor(Date.now() / 1000) + lifetime.expiresIn,
    roleName: 'fetcher',
    roleId,
    roleSessionName: 'test',
    sessionPolicyArns: [],
    tags: [],
    transitiveTagKeys: [],
    claims: {},
    ancestors: [],
    ...(lifetime.sessionPolicy && { sessionPolicy: JSON.stringify(lifetime.sessionPolicy) }),
  }
  const minted = await mintSession({ store: gateway.store, sessionRing: ring }, draft)
  const { AccessKeyId, SecretAccessKey, SessionToken } = minted
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

beforeAll(async () => {
  gateway = await startGateway(undefined, guard)
  const root = userOf('root')
  await root.send(new CreateBucketCommand({ Bucket: 'shared' }))
  for (const Key of ['home/reader/mine', 'home/other/theirs']) {
    await root.send(new PutObjectCommand({ Bucket: 'shared', Key, Body: Key }))
  }
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await gateway.close()
})

const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: 'shared', Key }))
const denied = expect.objectContaining({ name: 'AccessDenied' })

describe('a user', () => {
  it('has what its policies grant, and nothing beside', async () => {
    const reader = userOf('reader')
    expect(await (await get(reader, 'home/reader/mine')).Body?.transformToString()).toBe('home/reader/mine')
    await expect(get(reader, 'home/other/theirs')).rejects.toEqual(denied)
    await expect(get(reader, 'home/reader/../other/theirs')).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
    await reader.send(new PutObjectCommand({ Bucket: 'shared', Key: 'home/reader/new', Body: 'x' }))
    await reader.send(new DeleteObjectCommand({ Bucket: 'shared', Key: 'home/reader/new' }))
    const foreign = { Bucket: 'shared', Key: 'home/other/new' }
    await expect(reader.send(new PutObjectCommand({ ...foreign, Body: 'x' }))).rejects.toEqual(denied)
    await expect(reader.send(new DeleteObjectCommand(foreign))).rejects.toEqual(denied)
    await expect(reader.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toEqual(denied)
  })

  it('lists only what the condition on the prefix lets it', async () => {
    const reader = userOf('reader')
    const { KeyCount } = await reader.send(new ListObjectsV2Command({ Bucket: 'shared', Prefix: 'home/' }))
    expect(KeyCount).toBe(2)
    await expect(reader.send(new ListObjectsV2Command({ Bucket: 'shared', Prefix: 'ho' }))).rejects.toEqual(denied)
    await expect(reader.send(new ListObjectsV2Command({ Bucket: 'shared' }))).rejects.toEqual(denied)
  })

  it('without policies sees no bucket', async () => {
    await expect(userOf('nobody').send(new ListBucketsCommand({}))).rejects.toEqual(denied)
  })

  it.each(['eu-west-1', 'US', 'anywhere-at-all'])('may sign for the region %s', async (region) => {
    const { Buckets } = await userOf('root', region).send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toContain('shared')
  })

  it('with a wrong secret is refused', async () => {
    const credentials = { accessKeyId: 'AKIAREADER', secretAccessKey: 'wrong' }
    await expect(get(clientOf(credentials), 'home/reader/mine')).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    })
  })

  it('that does not exist is refused', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }
    await expect(get(clientOf(credentials), 'k')).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  })
})

describe('a session', () => {
  it('has its role’s rights', async () => {
    const s3 = clientOf(await sessionOf({ expiresIn: 900 }))
    expect(await (await get(s3, 'home/other/theirs')).Body?.transformToString()).toBe('home/other/theirs')
    await expect(s3.send(new DeleteObjectCommand({ Bucket: 'shared', Key: 'k' }))).rejects.toEqual(denied)
  })

  it('is narrowed by its session policy', async () => {
    const sessionPolicy = policy(statement('s3:GetObject', 'arn:aws:s3:::shared/home/reader/*'))
    const s3 = clientOf(await sessionOf({ expiresIn: 900, sessionPolicy }))
    expect((await get(s3, 'home/reader/mine')).ContentLength).toBe(16)
    await expect(get(s3, 'home/other/theirs')).rejects.toEqual(denied)
  })

  it('that has ended is told so, with the status on which SDKs refresh', async () => {
    const s3 = clientOf(await sessionOf({ expiresIn: -1 }))
    await expect(get(s3, 'k')).rejects.toMatchObject({ name: 'ExpiredToken', $metadata: { httpStatusCode: 400 } })
  })

  it('with a damaged token is refused', async () => {
    const { sessionToken, ...credentials } = await sessionOf({ expiresIn: 900 })
    const damaged = sessionToken.slice(0, -5) + (sessionToken.endsWith('AAAAA') ? 'BBBBB' : 'AAAAA')
    const s3 = clientOf({ ...credentials, sessionToken: damaged })
    await expect(get(s3, 'k')).rejects.toMatchObject({ name: 'InvalidToken', $metadata: { httpStatusCode: 400 } })
  })
})

describe('another account', () => {
  it('of the empty id has buckets of its own, and none of the others', async () => {
    const ceph = userOf('ceph', 'us-east-1')
    await ceph.send(new CreateBucketCommand({ Bucket: 'ceph-bucket' }))
    expect((await ceph.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['ceph-bucket'])
    await expect(get(ceph, 'home/reader/mine')).rejects.toEqual(denied)
    await expect(ceph.send(new CreateBucketCommand({ Bucket: 'shared' }))).rejects.toMatchObject({
      name: 'BucketAlreadyExists',
    })
    await expect(userOf('root').send(new ListObjectsV2Command({ Bucket: 'ceph-bucket' }))).rejects.toEqual(denied)
  })
})
