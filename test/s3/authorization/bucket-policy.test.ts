import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/raw.ts'
import { OURS, outcome, policy, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const as = (name: string) => world.client(world.credentials(name))
const allow = (bucket: string, Principal: unknown, more = {}) => ({
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${bucket}/*`,
  ...more,
})
const put = (name: string, Bucket: string, document: object | string) =>
  as(name).send(
    new PutBucketPolicyCommand({ Bucket, Policy: typeof document === 'string' ? document : JSON.stringify(document) }),
  )

describe('a bucket policy', () => {
  it('is answered as it was written, and is gone when it was removed', async () => {
    const bucket = await world.bucket('ourroot')
    const text = `{ "Version" : "2012-10-17",\n "Statement": ${JSON.stringify(allow(bucket, { AWS: `arn:aws:iam::${OURS}:user/plain` }))} }`
    await put('ourroot', bucket, text)
    const read = () => as('ourroot').send(new GetBucketPolicyCommand({ Bucket: bucket }))
    expect((await read()).Policy).toBe(text)
    expect(await outcome(as('plain').send(new GetObjectCommand({ Bucket: bucket, Key: 'k' })))).toBe('granted')
    await as('ourroot').send(new DeleteBucketPolicyCommand({ Bucket: bucket }))
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy', $metadata: { httpStatusCode: 404 } })
    expect(await outcome(as('plain').send(new GetObjectCommand({ Bucket: bucket, Key: 'k' })))).toBe('AccessDenied')
    expect(await outcome(as('ourroot').send(new GetBucketPolicyStatusCommand({ Bucket: bucket })))).toBe(
      'NoSuchBucketPolicy',
    )
  })

  it.each<[string, (bucket: string) => object | string]>([
    ['no JSON', () => 'hello'],
    ['a list', () => '[]'],
    ['JSON behind a space', (b) => ` ${JSON.stringify(policy(allow(b, '*')))}`],
    ['no statement', () => ({ Version: '2012-10-17' })],
    ['an unknown element', (b) => policy({ ...allow(b, '*'), Nonsense: 1 })],
    ['no principal', (b) => policy(allow(b, undefined))],
    ['a principal of an unknown kind', (b) => policy(allow(b, { Robot: '*' }))],
    ['a principal with a wildcard', (b) => policy(allow(b, { AWS: `arn:aws:iam::${OURS}:user/*` }))],
    ['a user that does not exist', (b) => policy(allow(b, { AWS: `arn:aws:iam::${OURS}:user/nobody` }))],
    ['a role that does not exist', (b) => policy(allow(b, { AWS: [`arn:aws:iam::${THEIRS}:role/nobody`] }))],
    ['a user by another path', (b) => policy(allow(b, { AWS: `arn:aws:iam::${OURS}:user/x/plain` }))],
    ['an account that does not exist', (b) => policy(allow(b, { AWS: 'arn:aws:iam::999999999999:root' }))],
    ['an account by its bare id that does not exist', (b) => policy(allow(b, { AWS: '999999999999' }))],
    ['an Allow with NotPrincipal', (b) => policy({ ...allow(b, undefined), NotPrincipal: { AWS: OURS } })],
    ['a session as Ceph writes it', (b) => policy(allow(b, { AWS: `arn:aws:iam::${OURS}:assumed-role/worker/job` }))],
    ['another bucket', () => policy(allow('another-bucket', '*'))],
    ['a bucket whose name begins so', (b) => policy(allow(`${b}x`, '*'))],
    ['every bucket', (b) => policy(allow(b, '*', { Resource: 'arn:aws:s3:::*' }))],
    ['every resource', (b) => policy(allow(b, '*', { Resource: '*' }))],
    ['a resource that is no ARN', (b) => policy(allow(b, '*', { Resource: `${b}/*` }))],
    ['a resource of another service', (b) => policy(allow(b, '*', { Resource: `arn:aws:sqs:::${b}` }))],
    ['an action of another service', (b) => policy(allow(b, '*', { Action: 'sts:AssumeRole' }))],
    ['an object’s action on the bucket', (b) => policy(allow(b, '*', { Resource: `arn:aws:s3:::${b}` }))],
    ['a bucket’s action on its objects', (b) => policy(allow(b, '*', { Action: 's3:ListBucket' }))],
    ['an unknown operator', (b) => policy(allow(b, '*', { Condition: { Sounds: { 'aws:SourceIp': '1' } } }))],
    ['more than 20 KB', (b) => policy(...Array.from({ length: 200 }, () => allow(b, '*', { Sid: 'x'.repeat(40) })))],
  ])('with %s is refused, and the old one stays', async (_flaw, document) => {
    const bucket = await world.bucket('ourroot', (name) => policy(allow(name, '*')))
    await expect(put('ourroot', bucket, document(bucket))).rejects.toMatchObject({
      name: 'MalformedPolicy',
      $metadata: { httpStatusCode: 400 },
    })
    const { Policy = '' } = await as('ourroot').send(new GetBucketPolicyCommand({ Bucket: bucket }))
    expect(JSON.parse(Policy)).toEqual(policy(allow(bucket, '*')))
  })

  it.each<[string, (bucket: string) => object]>([
    ['the bucket and what is in it', (b) => policy(allow(b, '*', { Resource: `arn:aws:s3:::${b}*` }))],
    [
      'actions of both kinds on both',
      (b) =>
        policy(
          allow(b, '*', {
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: [`arn:aws:s3:::${b}`, `arn:aws:s3:::${b}/*`],
          }),
        ),
    ],
    ['every action', (b) => policy(allow(b, '*', { Action: 's3:*' }))],
    ['a version of old', (b) => ({ ...policy(allow(b, '*')), Version: '2008-10-17', Id: 'p' })],
    [
      'users, roles, accounts and everyone',
      (b) => policy(allow(b, { AWS: [OURS, `arn:aws:iam::${THEIRS}:root`, '*'] })),
    ],
  ])('with %s is taken', async (_what, document) => {
    const bucket = await world.bucket('ourroot')
    expect(await outcome(put('ourroot', bucket, document(bucket)))).toBe('granted')
  })

  it('of a Ceph-style account may name whom and what does not exist', async () => {
    const bucket = await world.bucket('cephroot')
    const wide = policy(allow(bucket, { AWS: 'arn:aws:iam:::user/later' }, { Resource: '*' }))
    expect(await outcome(put('cephroot', bucket, wide))).toBe('granted')
    await expect(put('cephroot', bucket, '{')).rejects.toMatchObject({ name: 'MalformedPolicy' })
  })
})

describe('the policy of a bucket', () => {
  const opsOn = (Bucket: string) => [
    new GetBucketPolicyCommand({ Bucket }),
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy(allow(Bucket, '*'))) }),
    new DeleteBucketPolicyCommand({ Bucket }),
  ]
  const each = async (name: string, bucket: string) => {
    const outcomes = []
    for (const command of opsOn(bucket)) outcomes.push(await outcome(as(name).send(command as GetBucketPolicyCommand)))
    return new Set(outcomes)
  }
  const everything = (b: string, Principal: unknown, Effect = 'Allow') => ({
    Effect,
    Principal,
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${b}`, `arn:aws:s3:::${b}/*`],
  })

  it('is changed only by who may', async () => {
    const bucket = await world.bucket('ourroot', (b) => policy(allow(b, '*')))
    expect(await each('plain', bucket)).toEqual(new Set(['AccessDenied']))
    expect(await each('fullstranger', bucket)).toEqual(new Set(['AccessDenied']))
    expect(await each('full', bucket)).toEqual(new Set(['granted']))
    for (const query of ['policy', 'policyStatus']) {
      expect((await send(world.gateway, { path: `/${bucket}?${query}`, as: null })).status).toBe(403)
    }
  })

  it('is nothing for other accounts, even where it lets them', async () => {
    const bucket = await world.bucket('ourroot', (b) => policy(everything(b, { AWS: THEIRS })))
    expect(await each('fullstranger', bucket)).toEqual(new Set(['MethodNotAllowed']))
    const get = new GetObjectCommand({ Bucket: bucket, Key: 'k' })
    expect(await outcome(as('fullstranger').send(get))).toBe('granted')
  })

  it('can always be mended by root of the account, whatever it says, and by nobody else', async () => {
    const bucket = await world.bucket('ourroot', (b) => policy(everything(b, '*', 'Deny')))
    expect(await each('full', bucket)).toEqual(new Set(['AccessDenied']))
    expect(await each('theirroot', bucket)).toEqual(new Set(['AccessDenied']))
    const getObject = new GetObjectCommand({ Bucket: bucket, Key: 'k' })
    expect(await outcome(as('ourroot').send(getObject))).toBe('AccessDenied')
    expect(await each('ourroot', bucket)).toEqual(new Set(['granted']))
    expect(await outcome(as('ourroot').send(getObject))).toBe('granted')
  })

  it('opens its objects to the anonymous where it says so, and goes with the bucket', async () => {
    const bucket = await world.bucket('ourroot', (b) => policy(allow(b, '*')))
    const anonymous = async (method: string) =>
      (await send(world.gateway, { method, path: `/${bucket}/k`, as: null })).status
    expect([await anonymous('GET'), await anonymous('PUT'), await anonymous('DELETE')]).toEqual([200, 403, 403])
    await as('ourroot').send(new DeleteObjectCommand({ Bucket: bucket, Key: 'k' }))
    await as('ourroot').send(new DeleteBucketCommand({ Bucket: bucket }))
    await as('ourroot').send(new CreateBucketCommand({ Bucket: bucket }))
    await as('ourroot').send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
    expect(await anonymous('GET')).toBe(403)
  })
})

describe('the status of a policy', () => {
  const status = async (Statement: (bucket: string) => object) => {
    const bucket = await world.bucket('ourroot', (b) => policy(Statement(b)))
    const { PolicyStatus } = await as('ourroot').send(new GetBucketPolicyStatusCommand({ Bucket: bucket }))
    return PolicyStatus?.IsPublic
  }
  const when = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } })

  it.each<[string, boolean, (bucket: string) => object]>([
    ['everyone', true, (b) => allow(b, '*')],
    ['every AWS principal', true, (b) => allow(b, { AWS: '*' })],
    ['an account', false, (b) => allow(b, { AWS: THEIRS })],
    ['nobody, by a Deny for everyone', false, (b) => ({ ...allow(b, '*'), Effect: 'Deny' })],
    ['everyone from one address', false, (b) => allow(b, '*', when('IpAddress', 'aws:SourceIp', '10.1.2.3/32'))],
    ['everyone from a whole class A', true, (b) => allow(b, '*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))],
    ['everyone but from one address', true, (b) => allow(b, '*', when('NotIpAddress', 'aws:SourceIp', '10.1.2.3/32'))],
    ['everyone of an account', false, (b) => allow(b, '*', when('StringEquals', 'aws:PrincipalAccount', OURS))],
    ['everyone of accounts like', true, (b) => allow(b, '*', when('StringLike', 'aws:PrincipalAccount', '1*'))],
    [
      'everyone if the key is there',
      true,
      (b) => allow(b, '*', when('StringEqualsIfExists', 'aws:PrincipalAccount', OURS)),
    ],
    ['everyone with a referer', true, (b) => allow(b, '*', when('StringEquals', 'aws:Referer', 'https://x'))],
  ])('that opens to %s is public: %s', async (_whom, expected, statement) => {
    expect(await status(statement)).toBe(expected)
  })

  it('is told only to who may know', async () => {
    const bucket = await world.bucket('ourroot', (b) => policy(allow(b, '*')))
    const ask = new GetBucketPolicyStatusCommand({ Bucket: bucket })
    expect(await outcome(as('plain').send(ask))).toBe('AccessDenied')
    expect(await outcome(as('full').send(ask))).toBe('granted')
  })
})

describe('a write by policy', () => {
  it('is as little a right to read as a read is one to write', async () => {
    const bucket = await world.bucket('ourroot', (b) =>
      policy(allow(b, { AWS: `arn:aws:iam::${OURS}:user/plain` }, { Action: 's3:PutObject' })),
    )
    const wish = { Bucket: bucket, Key: 'k' }
    expect(await outcome(as('plain').send(new PutObjectCommand({ ...wish, Body: 'new' })))).toBe('granted')
    expect(await outcome(as('plain').send(new GetObjectCommand(wish)))).toBe('AccessDenied')
  })
})
