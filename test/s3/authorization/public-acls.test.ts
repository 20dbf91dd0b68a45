import {
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aclWorld, CANNED, OUR_ID, THEIR_ID } from './support/acls.ts'
import { outcome, policy, startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
const { as, bucket, bucketAcl, foreign, objectAcl, policy: bucketPolicy, send } = aclWorld(() => world)

const block = (Bucket: string, PublicAccessBlockConfiguration: object) =>
  as('ourroot').send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
const read = (Bucket: string, who: string, Key = 'k') => outcome(as(who).send(new GetObjectCommand({ Bucket, Key })))
const list = (Bucket: string, who: string) => outcome(as(who).send(new ListObjectsV2Command({ Bucket })))
const anonymous = async (path: string) => (await send({ path: `/${path}` })).status

describe('BlockPublicAcls', () => {
  it.each(CANNED)('refuses %s, and nothing that names accounts alone', async (ACL) => {
    const name = await bucket()
    const put = (wish: object) =>
      outcome(as('ourroot').send(new PutObjectCommand({ Bucket: name, Key: 'new', Body: 'x', ...wish })))
    await block(name, { BlockPublicAcls: true })
    expect(await outcome(bucketAcl(name, { ACL }))).toBe('AccessDenied')
    expect(await outcome(objectAcl(name, { ACL }))).toBe('AccessDenied')
    expect(await put({ ACL })).toBe('AccessDenied')
    const GrantRead = `id="${THEIR_ID}"`
    expect([await outcome(bucketAcl(name, { GrantRead })), await outcome(objectAcl(name, { GrantRead }))]).toEqual([
      'granted',
      'granted',
    ])
    expect([await put({ GrantRead }), await put({})]).toEqual(['granted', 'granted'])
    await block(name, { BlockPublicAcls: false, IgnorePublicAcls: true, BlockPublicPolicy: true })
    expect([await outcome(bucketAcl(name, { ACL })), await put({ ACL })]).toEqual(['granted', 'granted'])
  })

  it('leaves alone what is there', async () => {
    const name = await bucket()
    await objectAcl(name, { ACL: 'public-read' })
    await block(name, { BlockPublicAcls: true })
    expect(await anonymous(`${name}/k`)).toBe(200)
  })
})

describe('IgnorePublicAcls', () => {
  it('takes their effect from grants to groups, in the account too, and from no other', async () => {
    const name = await bucket()
    await bucketAcl(name, { ACL: 'public-read' })
    await objectAcl(name, { ACL: 'public-read' })
    const all = async () => [
      await anonymous(name),
      await anonymous(`${name}/k`),
      await list(name, 'fullstranger'),
      await read(name, 'fullstranger'),
      await read(name, 'plain'),
      await read(name, 'full'),
    ]
    expect(await all()).toEqual([200, 200, 'granted', 'granted', 'granted', 'granted'])
    await block(name, { IgnorePublicAcls: true })
    expect(await all()).toEqual([403, 403, 'AccessDenied', 'AccessDenied', 'AccessDenied', 'granted'])
    await objectAcl(name, { GrantRead: `id="${THEIR_ID}"` })
    expect(await read(name, 'fullstranger')).toBe('granted')
    await block(name, { IgnorePublicAcls: false })
    await objectAcl(name, { ACL: 'public-read' })
    expect((await all()).slice(0, 2)).toEqual([200, 200])
  })
})

describe('RestrictPublicBuckets', () => {
  it('keeps a bucket whose ACL is public to its owner’s account', async () => {
    const name = await bucket()
    await foreign(name)
    await bucketAcl(name, { GrantRead: `uri="http://acs.amazonaws.com/groups/global/AllUsers", id="${THEIR_ID}"` })
    await block(name, { RestrictPublicBuckets: true })
    expect([await list(name, 'fullstranger'), await anonymous(name), await list(name, 'plain')]).toEqual([
      'AccessDenied',
      403,
      'granted',
    ])
    expect(await read(name, 'fullstranger', 'theirs')).toBe('AccessDenied')
    await bucketAcl(name, { GrantRead: `id="${THEIR_ID}"` })
    expect([await list(name, 'fullstranger'), await read(name, 'fullstranger', 'theirs')]).toEqual([
      'granted',
      'granted',
    ])
  })

  it('keeps an object whose ACL is public to its owner’s account', async () => {
    const name = await bucket()
    await objectAcl(name, { ACL: 'public-read' })
    await block(name, { RestrictPublicBuckets: true })
    expect([await anonymous(`${name}/k`), await read(name, 'fullstranger'), await read(name, 'plain')]).toEqual([
      403,
      'AccessDenied',
      'granted',
    ])
  })

  it('leaves alone what is public no more: an ACL that is ignored', async () => {
    const name = await bucket()
    await bucketAcl(name, { ACL: 'public-read' })
    await objectAcl(name, { GrantRead: `id="${THEIR_ID}"` })
    await block(name, { RestrictPublicBuckets: true })
    expect(await read(name, 'fullstranger')).toBe('AccessDenied')
    await block(name, { RestrictPublicBuckets: true, IgnorePublicAcls: true })
    expect(await read(name, 'fullstranger')).toBe('granted')
  })
})

describe('the status of a bucket', () => {
  const status = async (Bucket: string, who: string) => {
    try {
      const { PolicyStatus } = await as(who).send(new GetBucketPolicyStatusCommand({ Bucket }))
      return PolicyStatus?.IsPublic
    } catch (error) {
      return error instanceof Error ? error.name : error
    }
  }

  it('tells of the policy alone in an account of 12 digits', async () => {
    const name = await bucket()
    await bucketAcl(name, { ACL: 'public-read' })
    expect(await status(name, 'ourroot')).toBe('NoSuchBucketPolicy')
    await bucketPolicy(name, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource }))
    expect(await status(name, 'ourroot')).toBe(false)
  })

  it('tells of the ACL too in a Ceph-style account', async () => {
    const name = await world.bucket('cephroot')
    const acl = (ACL: 'private' | 'public-read' | 'authenticated-read') =>
      as('cephroot').send(new PutBucketAclCommand({ Bucket: name, ACL }))
    expect(await status(name, 'cephroot')).toBe(false)
    await acl('public-read')
    expect(await status(name, 'cephroot')).toBe(true)
    await acl('authenticated-read')
    expect(await status(name, 'cephroot')).toBe(true)
    const ignored = { IgnorePublicAcls: true }
    const wish = { Bucket: name, PublicAccessBlockConfiguration: ignored }
    await as('cephroot').send(new PutPublicAccessBlockCommand(wish))
    expect(await status(name, 'cephroot')).toBe(false)
  })
})

describe('a form of the anonymous', () => {
  const form = (fields: Record<string, string>) => {
    const part = (name: string, value: string) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`
    const named = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value))
    return `${named.join('')}${part('name="file"; filename="f"', 'content')}--b--\r\n`
  }
  const post = (name: string, fields: Record<string, string>) =>
    send({
      method: 'POST',
      path: `/${name}`,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: form(fields),
    })

  it('is let in by the bucket’s ACL, with the ACL that it asks for', async () => {
    const name = await bucket()
    const fields = { key: 'formed', acl: 'public-read' }
    expect((await post(name, fields)).code).toBe('AccessDenied')
    await bucketAcl(name, { ACL: 'public-read-write' })
    expect((await post(name, fields)).status).toBe(204)
    expect([await anonymous(`${name}/formed`), await read(name, 'ourroot', 'formed')]).toEqual([200, 'granted'])
    expect((await post(name, { key: 'formed' })).status).toBe(204)
    expect([await anonymous(`${name}/formed`), await read(name, 'ourroot', 'formed')]).toEqual([403, 'AccessDenied'])
    expect((await post(name, { key: 'formed', acl: 'public' })).code).toBe('InvalidArgument')
  })
})

describe('an absent object', () => {
  it('is told as absent to who may list the bucket by its ACL, and to nobody else', async () => {
    const name = await bucket()
    expect(await anonymous(`${name}/absent`)).toBe(403)
    await bucketAcl(name, { ACL: 'public-read' })
    expect([await anonymous(`${name}/absent`), await anonymous(`${name}/k`)]).toEqual([404, 403])
    await bucketPolicy(name, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource }))
    expect(await anonymous(`${name}/absent`)).toBe(403)
  })
})

it('a policy that names the canned ACL decides by it', async () => {
  const name = await bucket()
  const demands = { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }
  const grants = { StringEquals: { 's3:x-amz-grant-full-control': `id="${OUR_ID}"` } }
  const put = (wish: object) =>
    outcome(as('fullstranger').send(new PutObjectCommand({ Bucket: name, Key: 'new', Body: 'x', ...wish })))
  const allow = (Condition: object) => (Resource: string[]) =>
    policy({ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource, Condition }).Statement[0] ?? {}
  await bucketPolicy(name, allow(demands))
  expect([await put({ ACL: 'bucket-owner-full-control' }), await put({ ACL: 'private' }), await put({})]).toEqual([
    'granted',
    'AccessDenied',
    'AccessDenied',
  ])
  await bucketPolicy(name, allow(grants))
  const GrantFullControl = `id="${OUR_ID}"`
  expect([await put({ GrantFullControl }), await put({ GrantRead: GrantFullControl })]).toEqual([
    'granted',
    'AccessDenied',
  ])
})
