import {
  type BucketLocationConstraint,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw, type Wish } from './support/raw-request.ts'
import { CEPH, OURS, outcome, policy, startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const s3 = (name: string) => world.client(world.credentials(name))

interface Setting {
  readonly action?: string
  readonly condition: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>
  /** Default: GET of the object. */
  readonly request?: (bucket: string) => Wish
  /** Default: `plain`, who has no right of its own. */
  readonly as?: string
  readonly root?: string
  /** Done to the bucket by its owner. */
  readonly before?: (bucket: string) => Promise<unknown>
}

/** The status of a request to a bucket that lets everyone in under the condition alone. */
async function ask({
  action = 's3:*',
  condition,
  request,
  as = 'plain',
  root = 'ourroot',
  before,
}: Setting): Promise<number> {
  const bucket = await world.bucket(root, (name) =>
    policy({
      Effect: 'Allow',
      Principal: '*',
      Action: action,
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
      Condition: condition,
    }),
  )
  await before?.(bucket)
  const wish = request?.(bucket) ?? { path: `/${bucket}/k` }
  const signed = as === 'nobody' ? wish : { as: world.credentials(as), ...wish }
  return (await sendRaw(world.gateway.endpoint, signed)).status
}

const equals = (key: string, value: string | string[]) => ({ StringEquals: { [key]: value } })
const put =
  (headers: Record<string, string>) =>
  (bucket: string): Wish => ({ method: 'PUT', path: `/${bucket}/new`, body: 'x', headers })
const list =
  (query: string) =>
  (bucket: string): Wish => ({ path: `/${bucket}?${query}` })

describe('a listing is let through by', () => {
  it.each<[string, string, Setting['condition'], string]>([
    ['s3:prefix', 'prefix=home/', equals('s3:prefix', 'home/'), 'prefix=home'],
    ['s3:prefix when it is empty', 'prefix=', equals('s3:prefix', ''), 'list-type=2'],
    ['s3:delimiter', 'delimiter=/', equals('s3:delimiter', '/'), 'prefix=/'],
    ['s3:max-keys', 'max-keys=10', { NumericLessThanEquals: { 's3:max-keys': '10' } }, 'max-keys=11'],
    ['s3:max-keys, when it is stated', 'max-keys=10', { NumericLessThanEquals: { 's3:max-keys': '10' } }, ''],
    ['s3:prefix of versions', 'versions&prefix=a', equals('s3:prefix', 'a'), 'versions&prefix=b'],
  ])('%s: ?%s', async (_key, granted, condition, refused) => {
    expect(await ask({ condition, request: list(granted) })).toBe(200)
    expect(await ask({ condition, request: list(refused) })).toBe(403)
    const withHeader = (bucket: string) => ({
      ...list(refused)(bucket),
      headers: { prefix: 'home/', 's3-prefix': 'a', delimiter: '/' },
    })
    expect(await ask({ condition, request: withHeader })).toBe(403)
  })
})

describe('an upload is let through by', () => {
  it.each<[string, Setting['condition'], Record<string, string>, Record<string, string>]>([
    [
      's3:x-amz-acl',
      equals('s3:x-amz-acl', 'bucket-owner-full-control'),
      { 'x-amz-acl': 'bucket-owner-full-control' },
      { 'x-amz-acl': 'bucket-owner-read' },
    ],
    [
      's3:x-amz-acl',
      equals('s3:x-amz-acl', 'bucket-owner-full-control'),
      { 'x-amz-acl': 'bucket-owner-full-control' },
      {},
    ],
    ['s3:x-amz-storage-class', equals('s3:x-amz-storage-class', 'STANDARD'), { 'x-amz-storage-class': 'STANDARD' }, {}],
    ['s3:if-none-match', { Null: { 's3:if-none-match': 'false' } }, { 'if-none-match': '*' }, {}],
    [
      's3:RequestObjectTag',
      equals('s3:RequestObjectTag/team', 'blue'),
      { 'x-amz-tagging': 'team=blue&x=y' },
      { 'x-amz-tagging': 'team=red' },
    ],
    ['s3:RequestObjectTag', equals('s3:RequestObjectTag/team', 'blue'), { 'x-amz-tagging': 'team=blue' }, {}],
    [
      's3:RequestObjectTagKeys',
      {
        'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': ['team'] },
        Null: { 's3:RequestObjectTagKeys': 'false' },
      },
      { 'x-amz-tagging': 'team=blue' },
      { 'x-amz-tagging': 'team=blue&other=1' },
    ],
  ])('%s', async (_key, condition, granted, refused) => {
    expect(await ask({ condition, request: put(granted) })).toBe(200)
    expect(await ask({ condition, request: put(refused) })).toBe(403)
    // The names of keys as headers say nothing.
    const posing = Object.fromEntries(
      Object.keys(Object.values(condition)[0] ?? {}).map((key) => [key.replace(/[:/]/g, '-'), 'blue']),
    )
    expect(await ask({ condition, request: put({ ...refused, ...posing }) })).toBe(403)
  })

  it('s3:x-amz-copy-source, decoded and without its first slash', async () => {
    const condition = { StringLike: { 's3:x-amz-copy-source': 'bucket-*/k' } }
    const copy = (source: (b: string) => string) => (b: string) => put({ 'x-amz-copy-source': source(b) })(b)
    expect(await ask({ condition: {}, request: copy((b) => `${b}/k`) })).toBe(200)
    // Its own GET of the source is part of a copy, and has the same source.
    expect(await ask({ condition, request: copy((b) => `${b}/k`) })).toBe(200)
    expect(await ask({ condition, request: copy((b) => `/${b}/%6b`) })).toBe(200)
    expect(await ask({ condition, request: copy((b) => `${b}/other`) })).toBe(403)
    expect(await ask({ condition, request: put({}) })).toBe(403)
  })

  it('s3:x-amz-metadata-directive', async () => {
    const condition = equals('s3:x-amz-metadata-directive', 'REPLACE')
    const copy = (headers: Record<string, string>) => (b: string) =>
      put({ 'x-amz-copy-source': `/${b}/k`, ...headers })(b)
    // The source is read by the same request.
    expect(await ask({ condition, request: copy({ 'x-amz-metadata-directive': 'REPLACE' }) })).toBe(200)
    expect(await ask({ condition, request: copy({ 'x-amz-metadata-directive': 'COPY' }) })).toBe(403)
    expect(await ask({ condition, request: copy({}) })).toBe(403)
  })

  it('s3:ObjectCreationOperation, which spares the steps of an upload from a condition on what is made', async () => {
    const Bucket = await world.bucket('ourroot', (name) => {
      const grant = (Condition?: object) => ({
        Effect: 'Allow',
        Principal: '*',
        Action: Condition ? 's3:PutObject' : 's3:GetObject',
        Resource: `arn:aws:s3:::${name}/*`,
        ...(Condition && { Condition }),
      })
      return policy(
        grant(),
        grant({ Null: { 's3:if-none-match': 'false' } }),
        grant({ Bool: { 's3:ObjectCreationOperation': 'false' } }),
      )
    })
    const plain = s3('plain')
    const made = { Bucket, Key: 'new' }
    const CopySource = `${Bucket}/k`
    const { UploadId } = await plain.send(new CreateMultipartUploadCommand(made))
    const part = { ...made, UploadId }
    const { ETag } = await plain.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: 'x' }))
    const copied = plain.send(new UploadPartCopyCommand({ ...part, PartNumber: 2, CopySource }))
    expect(await outcome(copied)).toBe('granted')
    const complete = (IfNoneMatch?: string) =>
      outcome(
        plain.send(
          new CompleteMultipartUploadCommand({
            ...part,
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
            IfNoneMatch,
          }),
        ),
      )
    expect(await outcome(plain.send(new PutObjectCommand({ ...made, Body: 'x' })))).toBe('AccessDenied')
    expect(await outcome(plain.send(new CopyObjectCommand({ ...made, CopySource })))).toBe('AccessDenied')
    const copy = new CopyObjectCommand({ Bucket, Key: 'copied', CopySource, IfNoneMatch: '*' })
    expect(await outcome(plain.send(copy))).toBe('granted')
    expect([await complete(), await complete('*')]).toEqual(['AccessDenied', 'granted'])
    const put = (Key: string) => outcome(plain.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' })))
    expect([await put('other'), await put('other')]).toEqual(['granted', 'PreconditionFailed'])
  })

  it('the tags in the body of PutObjectTagging', async () => {
    const tagging = (value: string) => (bucket: string) => ({
      method: 'PUT',
      path: `/${bucket}/k?tagging`,
      body: `<Tagging><TagSet><Tag><Key>team</Key><Value>${value}</Value></Tag></TagSet></Tagging>`,
    })
    const condition = equals('s3:RequestObjectTag/team', 'blue')
    expect(await ask({ condition, request: tagging('blue') })).toBe(200)
    expect(await ask({ condition, request: tagging('red') })).toBe(403)
  })
})

describe('tags', () => {
  const tagged = (value: string) => (Bucket: string) =>
    s3('ourroot').send(
      new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [{ Key: 'team', Value: value }] } }),
    )
  const tagBucket =
    (root: string, ...values: string[]) =>
    (Bucket: string) =>
      s3(root).send(
        new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: values.map((Value) => ({ Key: 'team', Value })) } }),
      )

  it('of an object that is there open it by s3:ExistingObjectTag', async () => {
    const condition = equals('s3:ExistingObjectTag/team', 'blue')
    expect(await ask({ condition, before: tagged('blue') })).toBe(200)
    expect(await ask({ condition, before: tagged('red') })).toBe(403)
    expect(await ask({ condition })).toBe(403)
    expect(await ask({ condition, before: tagged('blue'), request: put({}) })).toBe(403)
    expect(
      await ask({
        condition,
        before: tagged('red'),
        request: (b) => ({ path: `/${b}/k`, headers: { 'x-amz-tagging': 'team=blue' } }),
      }),
    ).toBe(403)
  })

  it('are looked up also for a key that a policy writes with an escape', async () => {
    const condition = JSON.parse('{"StringEquals":{"s3:\\u0045xistingObjectTag/team":"blue"}}') as Setting['condition']
    expect(await ask({ condition, before: tagged('blue') })).toBe(200)
  })

  it('of the bucket open it by s3:ResourceTag, and so do the object’s', async () => {
    const condition = equals('s3:ResourceTag/team', 'blue')
    expect(await ask({ condition, before: tagBucket('ourroot', 'blue') })).toBe(200)
    expect(await ask({ condition, before: tagBucket('ourroot', 'blue'), request: put({}) })).toBe(200)
    expect(await ask({ condition, before: tagged('blue') })).toBe(200)
    expect(await ask({ condition, before: tagBucket('ourroot', 'red') })).toBe(403)
    expect(await ask({ condition })).toBe(403)
  })

  it('may repeat a key on a bucket of a Ceph-style account, and then have all its values', async () => {
    const condition = equals('s3:ResourceTag/team', 'blue')
    const setting = { condition, root: 'cephroot', as: 'cephplain' }
    expect(await ask({ ...setting, before: tagBucket('cephroot', 'red', 'blue') })).toBe(200)
    expect(await ask({ ...setting, before: tagBucket('cephroot', 'red', 'green') })).toBe(403)
    await expect(ask({ condition, before: tagBucket('ourroot', 'red', 'blue') })).rejects.toMatchObject({
      name: 'InvalidTag',
    })
  })

  it('of the caller are aws:PrincipalTag', async () => {
    const condition = equals('aws:PrincipalTag/team', 'blue')
    expect(await ask({ condition, as: 'tagged' })).toBe(200)
    expect(await ask({ condition, as: 'plain' })).toBe(403)
  })
})

describe('the request is told by', () => {
  const presigned = (bucket: string): Wish => ({ path: `/${bucket}/k`, presigned: 600 })
  const old = (bucket: string): Wish => ({ path: `/${bucket}/k`, now: Date.now() - 5 * 60_000 })
  const younger = { NumericLessThan: { 's3:signatureAge': '120000' } }

  it.each<[string, Setting['condition'], Partial<Setting>, Partial<Setting>]>([
    [
      'aws:SourceIp',
      { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
      {},
      { condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    ],
    [
      'aws:SourceIp, whatever a header says of it',
      { IpAddress: { 'aws:SourceIp': '127.0.0.1' } },
      { request: (b) => ({ path: `/${b}/k`, headers: { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' } }) },
      {
        condition: { IpAddress: { 'aws:SourceIp': '10.0.0.1' } },
        request: (b) => ({
          path: `/${b}/k`,
          headers: { 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '10.0.0.1', forwarded: 'for=10.0.0.1' },
        }),
      },
    ],
    [
      'aws:SecureTransport, whatever a header says of it',
      { Bool: { 'aws:SecureTransport': 'false' } },
      {},
      {
        condition: { Bool: { 'aws:SecureTransport': 'true' } },
        request: (b) => ({ path: `/${b}/k`, headers: { 'x-forwarded-proto': 'https' } }),
      },
    ],
    ['s3:authType', equals('s3:authType', 'REST-QUERY-STRING'), { request: presigned }, {}],
    ['s3:authType of a header', equals('s3:authType', 'REST-HEADER'), {}, { request: presigned }],
    ['s3:signatureversion', equals('s3:signatureversion', 'AWS4-HMAC-SHA256'), {}, { as: 'nobody' }],
    ['s3:signatureAge', younger, {}, { request: old }],
    [
      's3:signatureAge of a presigned URL',
      younger,
      { request: presigned },
      { request: (b) => ({ ...old(b), presigned: 3600 }) },
    ],
    ['s3:x-amz-content-sha256', { Null: { 's3:x-amz-content-sha256': 'true' } }, { request: presigned }, {}],
    [
      'aws:Referer',
      { StringLike: { 'aws:Referer': 'https://example.com/*' } },
      { request: (b) => ({ path: `/${b}/k`, headers: { referer: 'https://example.com/page' } }) },
      {
        request: (b) => ({
          path: `/${b}/k`,
          headers: { referer: 'https://example.org/', 'aws-referer': 'https://example.com/' },
        }),
      },
    ],
    [
      'aws:UserAgent',
      equals('aws:UserAgent', 'reader/1'),
      { request: (b) => ({ path: `/${b}/k`, headers: { 'user-agent': 'reader/1' } }) },
      { request: (b) => ({ path: `/${b}/k`, headers: { 'user-agent': 'reader/2' } }) },
    ],
    ['aws:username', equals('aws:username', 'plain'), {}, { as: 'tagged' }],
    ['aws:PrincipalAccount', equals('aws:PrincipalAccount', OURS), {}, { as: 'nobody' }],
    ['aws:ResourceAccount', equals('aws:ResourceAccount', OURS), {}, { root: 'cephroot' }],
    ['s3:ResourceAccount', equals('s3:ResourceAccount', OURS), { as: 'nobody' }, { root: 'cephroot', as: 'nobody' }],
  ])('%s', async (_key, condition, granted, refused) => {
    expect(await ask({ condition, ...granted })).toBe(200)
    expect(await ask({ condition, ...refused })).toBe(403)
  })

  it('aws:userid, aws:TokenIssueTime and sts:authentication of a session', async () => {
    const worker = await world.role(OURS, 'worker')
    const ceph = await world.role(CEPH, 'cephworker')
    const asked = (condition: Setting['condition'], as: typeof worker, root = 'ourroot') =>
      ask({ condition, root, request: (b) => ({ path: `/${b}/k`, as }) })
    expect(await asked({ StringLike: { 'aws:userid': 'AROA*:job' } }, worker)).toBe(200)
    expect(await asked({ StringLike: { 'aws:userid': 'AROA*:other' } }, worker)).toBe(403)
    const today = { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }
    expect(await asked(today, worker)).toBe(200)
    expect(await asked({ DateLessThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }, worker)).toBe(403)
    expect(await ask({ condition: today })).toBe(403)
    const bySession = { Bool: { 'sts:authentication': 'true' } }
    expect(await asked(bySession, ceph, 'cephroot')).toBe(200)
    expect(await ask({ condition: bySession, root: 'cephroot', as: 'cephplain' })).toBe(403)
    expect(await asked(bySession, worker)).toBe(403)
  })
})

describe('a new bucket', () => {
  it('is let through by s3:LocationConstraint', async () => {
    const there = policy({
      Effect: 'Allow',
      Action: 's3:CreateBucket',
      Resource: '*',
      Condition: equals('s3:LocationConstraint', 'eu-west-1'),
    })
    const limited = world.client(await world.role(OURS, 'fullworker', { sessionPolicy: there }))
    const make = (Bucket: string, LocationConstraint?: BucketLocationConstraint) =>
      outcome(limited.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } })))
    expect(await make('in-ireland', 'eu-west-1')).toBe('granted')
    expect(await make('in-stockholm', 'eu-north-1')).toBe('AccessDenied')
    expect(await make('anywhere')).toBe('AccessDenied')
  })
})

describe('the list of buckets', () => {
  it('is shown in part to who lacks the right to all of it, and refused to whom a policy denies it', async () => {
    const bucket = await world.bucket('ourroot', (name) =>
      policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${OURS}:user/plain` },
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${name}`,
      }),
    )
    const { Buckets } = await s3('plain').send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toContain(bucket)
    const deny = policy(
      { Effect: 'Deny', Action: 's3:ListAllMyBuckets', Resource: '*' },
      { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetObject'], Resource: '*' },
    )
    const limited = world.client(await world.role(OURS, 'fullworker', { sessionPolicy: deny }))
    expect(await outcome(limited.send(new ListBucketsCommand({})))).toBe('AccessDenied')
    const partly = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' })
    const other = world.client(await world.role(OURS, 'fullworker', { sessionPolicy: partly }))
    expect(await outcome(other.send(new ListBucketsCommand({})))).toBe('granted')
  })
})
