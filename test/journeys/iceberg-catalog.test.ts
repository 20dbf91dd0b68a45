import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, type Credentials } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, type Account, ADMINISTRATOR, outcome, policy, startAccount } from './account.ts'

const BUCKET = 'warehouse'
const TABLE = 'ns/orders'
const Tags = [
  { Key: 'polaris:catalog', Value: 'warehouse' },
  { Key: 'polaris:namespace', Value: 'ns' },
  { Key: 'polaris:table', Value: 'orders' },
  { Key: 'polaris:principal', Value: 'alice@example.com' },
]

/** The session policy that catalogs write for one table: its prefix, and no more rights than the client asked for. */
const vended = (actions: readonly string[]): string =>
  policy(
    { Action: actions, Resource: `arn:aws:s3:::${BUCKET}/${TABLE}/*` },
    {
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { 's3:prefix': [`${TABLE}/*`] } },
    },
    { Action: 's3:GetBucketLocation', Resource: `arn:aws:s3:::${BUCKET}` },
  )

let account: Account
beforeAll(async () => {
  const trust = policy({
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/administrator` },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: { StringEquals: { 'aws:RequestTag/polaris:catalog': 'warehouse' } },
  })
  const storage = policy(
    { Action: 's3:*', Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`] },
    {
      Effect: 'Deny',
      Action: 's3:DeleteObject',
      Condition: { StringNotEquals: { 'aws:PrincipalTag/polaris:table': 'orders' } },
    },
  )
  account = await startAccount({
    roles: [
      { RoleName: 'storage', AssumeRolePolicyDocument: JSON.parse(trust), policies: { storage: JSON.parse(storage) } },
    ],
  })
  const s3 = account.s3(ADMINISTRATOR)
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  for (const Key of [`${TABLE}/metadata.json`, 'ns/customers/metadata.json', 'ns/orders-archive/metadata.json']) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))
  }
})
afterAll(() => account.end())

async function vend(actions: readonly string[], tags = Tags): Promise<Credentials> {
  const { Credentials } = await account.sts().send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/storage`,
      RoleSessionName: 'PolarisAwsCredentialsStorageIntegration',
      Policy: vended(actions),
      DurationSeconds: 3600,
      Tags: tags,
      TransitiveTagKeys: tags.map(({ Key }) => Key),
    }),
  )
  if (!Credentials) throw new Error('no credentials in the answer')
  return Credentials
}

const put = (credentials: Credentials, Key: string) =>
  outcome(account.s3(credentials).send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'rows' })))
const get = (credentials: Credentials, Key: string) =>
  outcome(account.s3(credentials).send(new GetObjectCommand({ Bucket: BUCKET, Key })))
const list = (credentials: Credentials, Prefix?: string) =>
  outcome(account.s3(credentials).send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix })))
const remove = (credentials: Credentials, Key: string) =>
  outcome(account.s3(credentials).send(new DeleteObjectCommand({ Bucket: BUCKET, Key })))

describe('a table that an Iceberg catalog vends credentials for', () => {
  it('can be written, read, listed and deleted by them', async () => {
    const credentials = await vend(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
    expect(await put(credentials, `${TABLE}/data/part-0.parquet`)).toBe('ok')
    expect(await get(credentials, `${TABLE}/data/part-0.parquet`)).toBe('ok')
    expect(await list(credentials, `${TABLE}/`)).toBe('ok')
    expect(await remove(credentials, `${TABLE}/data/part-0.parquet`)).toBe('ok')
  })

  it.each([
    ['another table', 'ns/customers'],
    ['a table whose name begins the same', 'ns/orders-archive'],
    ['a way round by dots', `${TABLE}/../customers`],
  ])('opens nothing of %s', async (_which, table) => {
    const credentials = await vend(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
    const elsewhere = table.includes('..') ? 'AccessDenied|NoSuchKey' : 'AccessDenied'
    expect(await get(credentials, `${table}/metadata.json`)).toMatch(new RegExp(`^(?:${elsewhere})$`))
    if (table.includes('..')) return
    expect(await put(credentials, `${table}/metadata.json`)).toBe('AccessDenied')
    expect(await remove(credentials, `${table}/metadata.json`)).toBe('AccessDenied')
    expect(await list(credentials, `${table}/`)).toBe('AccessDenied')
  })

  it('opens nothing of the bucket as a whole', async () => {
    const credentials = await vend(['s3:GetObject'])
    expect(await list(credentials)).toBe('AccessDenied')
    expect(await outcome(account.s3(credentials).send(new CreateBucketCommand({ Bucket: 'own' })))).toBe('AccessDenied')
  })

  it('cannot be written by credentials that were asked for reading', async () => {
    const credentials = await vend(['s3:GetObject'])
    expect(await get(credentials, `${TABLE}/metadata.json`)).toBe('ok')
    expect(await put(credentials, `${TABLE}/data/part-1.parquet`)).toBe('AccessDenied')
    expect(await remove(credentials, `${TABLE}/metadata.json`)).toBe('AccessDenied')
  })

  it("is told apart by the session's tags", async () => {
    const others = Tags.map((tag) => (tag.Key === 'polaris:table' ? { ...tag, Value: 'customers' } : tag))
    const credentials = await vend(['s3:GetObject', 's3:DeleteObject'], others)
    expect(await get(credentials, `${TABLE}/metadata.json`)).toBe('ok')
    expect(await remove(credentials, `${TABLE}/metadata.json`)).toBe('AccessDenied')
  })

  it('gets no credentials for a catalog that the role does not trust', async () => {
    const others = Tags.map((tag) => (tag.Key === 'polaris:catalog' ? { ...tag, Value: 'other' } : tag))
    expect(await outcome(vend(['s3:GetObject'], others))).toBe('AccessDenied')
    expect(await outcome(vend(['s3:GetObject'], []))).toBe('AccessDenied')
  })
})
