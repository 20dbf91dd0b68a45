import {
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalUserId } from '../../../functions/s3/owner.ts'
import type { SigningCredentials } from '../../support/sign.ts'
import { ALL_USERS, AUTHENTICATED, aclWorld, OUR_ID, THEIR_ID } from './support/acls.ts'
import { CEPH_TOO, OURS, outcome, policy, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
const { as, bucket, bucketAcl, objectAcl, policy: bucketPolicy, send } = aclWorld(() => world)

const other = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' })
const WHO: Readonly<Record<string, (w: World) => SigningCredentials | Promise<SigningCredentials>>> = {
  plain: (w) => w.credentials('plain'),
  full: (w) => w.credentials('full'),
  bounded: (w) => w.credentials('bounded'),
  denied: (w) => w.credentials('denied'),
  worker: (w) => w.role(OURS, 'worker'),
  narrowed: (w) => w.role(OURS, 'fullworker', { sessionPolicy: other }),
  root: (w) => w.credentials('ourroot'),
  stranger: (w) => w.credentials('stranger'),
  fullstranger: (w) => w.credentials('fullstranger'),
  visitor: (w) => w.role(THEIRS, 'visitor'),
  theirroot: (w) => w.credentials('theirroot'),
  third: (w) => w.credentials('rgwfull'),
}

/** Who of them all reads the object. */
async function readers(name: string): Promise<string> {
  const granted: string[] = []
  for (const [who, credentials] of Object.entries(WHO)) {
    const got = await outcome(
      world.client(await credentials(world)).send(new GetObjectCommand({ Bucket: name, Key: 'k' })),
    )
    if (got === 'granted') granted.push(who)
    else expect(got).toBe('AccessDenied')
  }
  const { status } = await send({ path: `/${name}/k` })
  expect([200, 403]).toContain(status)
  return [...granted, ...(status === 200 ? ['anybody'] : [])].join(' ')
}

const OWN = 'full root'
const SIGNED = 'plain full worker root fullstranger visitor theirroot third'
const THEIR_OWN = 'full root fullstranger visitor theirroot'
const theirs = `id="${THEIR_ID}"`

describe('an object is read by', () => {
  it.each([
    ['nobody else', { ACL: 'private' }, OWN],
    ['everybody', { ACL: 'public-read' }, `${SIGNED} anybody`],
    ['everybody with READ', { GrantRead: `uri="${ALL_USERS}"` }, `${SIGNED} anybody`],
    ['everybody with FULL_CONTROL', { GrantFullControl: `uri="${ALL_USERS}"` }, `${SIGNED} anybody`],
    ['who signs', { ACL: 'authenticated-read' }, SIGNED],
    ['who signs, by name', { GrantRead: `uri="${AUTHENTICATED}"` }, SIGNED],
    ['an account', { GrantRead: theirs }, THEIR_OWN],
    ['an account with FULL_CONTROL', { GrantFullControl: theirs }, THEIR_OWN],
    ['nobody else through READ_ACP', { GrantReadACP: `uri="${ALL_USERS}"` }, OWN],
    ['nobody else through WRITE_ACP', { GrantWriteACP: `uri="${ALL_USERS}"` }, OWN],
    ['nobody else through WRITE', { GrantWrite: `uri="${ALL_USERS}"` }, OWN],
    ['its owner, whom the ACL leaves out', { GrantReadACP: theirs }, OWN],
    ['its owner by name', { GrantRead: `id=${OUR_ID}` }, OWN],
    ['its bucket’s owner', { ACL: 'bucket-owner-read' }, OWN],
  ] as const)('%s', async (_who, acl, expected) => {
    const name = await bucket()
    await objectAcl(name, acl)
    expect(await readers(name)).toBe(expected)
  })

  it('nobody through the ACL of its bucket', async () => {
    const name = await bucket()
    await bucketAcl(name, { GrantFullControl: `uri="${ALL_USERS}", id="${OUR_ID}"` })
    expect(await readers(name)).toBe(OWN)
  })

  it('nobody whom its bucket’s policy denies, whatever the ACL grants', async () => {
    const name = await bucket()
    await objectAcl(name, { ACL: 'public-read' })
    await bucketPolicy(name, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource }))
    expect(await readers(name)).toBe('')
  })
})

const DOES: Readonly<Record<string, (s3: S3Client, Bucket: string) => Promise<unknown>>> = {
  list: (s3, Bucket) => s3.send(new ListObjectsV2Command({ Bucket })),
  versions: (s3, Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket })),
  uploads: (s3, Bucket) => s3.send(new ListMultipartUploadsCommand({ Bucket })),
  getBucketAcl: (s3, Bucket) => s3.send(new GetBucketAclCommand({ Bucket })),
  bucketPolicy: (s3, Bucket) => s3.send(new GetBucketPolicyCommand({ Bucket })),
  bucketTags: (s3, Bucket) => s3.send(new GetBucketTaggingCommand({ Bucket })),
  get: (s3, Bucket) => s3.send(new GetObjectCommand({ Bucket, Key: 'k' })),
  head: (s3, Bucket) => s3.send(new HeadObjectCommand({ Bucket, Key: 'k' })),
  attributes: (s3, Bucket) => s3.send(new GetObjectAttributesCommand({ Bucket, Key: 'k', ObjectAttributes: ['ETag'] })),
  tags: (s3, Bucket) => s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' })),
  tag: (s3, Bucket) => s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [] } })),
  getAcl: (s3, Bucket) => s3.send(new GetObjectAclCommand({ Bucket, Key: 'k' })),
  delete: (s3, Bucket) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' })),
  put: (s3, Bucket) => s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x' })),
  putAcl: (s3, Bucket) =>
    s3.send(new PutObjectAclCommand({ Bucket, Key: 'k', GrantFullControl: `${theirs}, id="${OUR_ID}"` })),
  putBucketAcl: (s3, Bucket) =>
    s3.send(new PutBucketAclCommand({ Bucket, GrantFullControl: `${theirs}, id="${OUR_ID}"` })),
}

/** What a user of another account, with every right of its own, may do. */
async function deeds(name: string): Promise<string> {
  const done: string[] = []
  for (const [deed, run] of Object.entries(DOES)) {
    const got = await outcome(run(as('fullstranger'), name))
    if (got === 'granted') done.push(deed)
    else expect(['AccessDenied', 'MethodNotAllowed', 'Unknown']).toContain(got)
  }
  return done.join(' ')
}

describe('a permission on a bucket lets its grantee', () => {
  it.each([
    ['GrantRead', 'list versions uploads'],
    ['GrantWrite', 'put'],
    ['GrantReadACP', 'getBucketAcl'],
    ['GrantWriteACP', 'putBucketAcl'],
    ['GrantFullControl', 'list versions uploads getBucketAcl put putBucketAcl'],
  ])('%s', async (header, expected) => {
    const name = await bucket()
    await bucketAcl(name, { [header]: theirs })
    expect(await deeds(name)).toBe(expected)
  })
})

describe('a permission on an object lets its grantee', () => {
  it.each([
    ['GrantRead', 'get head'],
    ['GrantWrite', ''],
    ['GrantReadACP', 'getAcl'],
    ['GrantWriteACP', 'putAcl'],
    ['GrantFullControl', 'get head getAcl putAcl'],
  ])('%s', async (header, expected) => {
    const name = await bucket()
    await objectAcl(name, { [header]: theirs })
    expect(await deeds(name)).toBe(expected)
  })
})

describe('a read', () => {
  const trips = async (name: string) => {
    const reader = world.client(await world.role(OURS, 'fullworker'))
    world.trips.length = 0
    await reader.send(new GetObjectCommand({ Bucket: name, Key: 'k' }))
    return world.trips.map((trip) => trip.split(/[ #]/, 2).join(' '))
  }

  it('asks for the object once, whether or not ACLs have a say', async () => {
    for (const setting of ['BucketOwnerEnforced', 'ObjectWriter'] as const) {
      expect(await trips(await bucket(setting))).toEqual(['getMany SESSION', 'get OBJECT'])
    }
  })
})

describe('the ACL of a Ceph-style account’s bucket', () => {
  it('has a say by default, and the account without an id is named by none but its own', async () => {
    const name = await world.bucket('cephroot')
    const s3 = as('cephroot')
    const read = (who: string) => outcome(as(who).send(new GetObjectCommand({ Bucket: name, Key: 'k' })))
    expect(await read('rgwfull')).toBe('AccessDenied')
    const grantee = (account: string) => `id="${canonicalUserId(account)}"`
    await s3.send(new PutObjectAclCommand({ Bucket: name, Key: 'k', GrantRead: grantee(CEPH_TOO) }))
    expect([await read('rgwfull'), await read('fullstranger'), await read('cephplain')]).toEqual([
      'granted',
      'AccessDenied',
      'AccessDenied',
    ])
    expect((await send({ path: `/${name}/k` })).status).toBe(403)
  })
})
