import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANONYMOUS_ID, canonicalUserId } from '../../../functions/s3/owner.ts'
import { ALL_USERS, aclWorld, CANNED, OUR_ID, THEIR_ID } from './support/acls.ts'
import { CEPH_TOO, OURS, outcome, policy, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
const { as, bucket, bucketAcl, foreign, objectAcl, policy: bucketPolicy, send } = aclWorld(() => world)

const controls = (Bucket: string, ownership: ObjectOwnership, name = 'ourroot') => {
  const OwnershipControls = { Rules: [{ ObjectOwnership: ownership }] }
  return as(name).send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
}
const getControls = async (Bucket: string, name = 'ourroot') => {
  const { OwnershipControls } = await as(name).send(new GetBucketOwnershipControlsCommand({ Bucket }))
  return OwnershipControls?.Rules?.map(({ ObjectOwnership }) => ObjectOwnership)
}
const THEIRS_KEY = { Key: 'theirs' }
const ownerOf = async (Bucket: string, Key: string, name = 'ourroot') => {
  const { Contents = [] } = await as(name).send(new ListObjectsCommand({ Bucket }))
  return Contents.find((each) => each.Key === Key)?.Owner?.ID
}

describe('the controls', () => {
  it('are BucketOwnerEnforced in an account of 12 digits, and none in a Ceph-style one, until they are set', async () => {
    const ours = await world.bucket('ourroot')
    const cephs = await world.bucket('cephroot')
    expect(await getControls(ours)).toEqual(['BucketOwnerEnforced'])
    expect(await outcome(getControls(cephs, 'cephroot'))).toBe('OwnershipControlsNotFoundError')
    await controls(cephs, 'BucketOwnerEnforced', 'cephroot')
    const open = new PutBucketAclCommand({ Bucket: cephs, ACL: 'public-read' })
    expect(await outcome(as('cephroot').send(open))).toBe('AccessControlListNotSupported')
  })

  it.each(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const)(
    'come back: %s',
    async (setting) => {
      const made = await bucket(setting)
      expect(await getControls(made)).toEqual([setting])
      const set = await world.bucket('ourroot')
      await controls(set, setting)
      expect(await getControls(set)).toEqual([setting])
      await as('ourroot').send(new DeleteBucketOwnershipControlsCommand({ Bucket: set }))
      expect(await outcome(getControls(set))).toBe('OwnershipControlsNotFoundError')
      expect(await outcome(bucketAcl(set, { ACL: 'public-read' }))).toBe('granted')
    },
  )

  it('are for who may set them', async () => {
    const name = await bucket()
    for (const who of ['plain', 'fullstranger']) {
      expect(await outcome(getControls(name, who))).toBe('AccessDenied')
      expect(await outcome(controls(name, 'ObjectWriter', who))).toBe('AccessDenied')
      const remove = new DeleteBucketOwnershipControlsCommand({ Bucket: name })
      expect(await outcome(as(who).send(remove))).toBe('AccessDenied')
    }
    const wish = { method: 'PUT', path: `/${name}?ownershipControls`, as: world.credentials('ourroot') }
    expect((await send(wish)).code).toBe('MalformedXML')
  })

  it('do not turn ACLs off over a grant to others', async () => {
    const name = await bucket()
    for (const ACL of CANNED) {
      await bucketAcl(name, { ACL })
      expect(await outcome(controls(name, 'BucketOwnerEnforced'))).toBe('InvalidBucketAclWithObjectOwnership')
    }
    await bucketAcl(name, { GrantRead: `id="${THEIR_ID}"` })
    expect(await outcome(controls(name, 'BucketOwnerEnforced'))).toBe('InvalidBucketAclWithObjectOwnership')
    await bucketAcl(name, { ACL: 'private' })
    expect(await outcome(controls(name, 'BucketOwnerEnforced'))).toBe('granted')
  })
})

describe('a new bucket', () => {
  let made = 0
  const create = (wish: object, name = 'ourroot', Bucket = `owned-${++made}`) =>
    as(name).send(new CreateBucketCommand({ Bucket, ...wish }))
  it.each([
    ['with a public ACL, where ACLs are off', { ACL: 'public-read' }, 'InvalidBucketAclWithObjectOwnership'],
    [
      'with a public ACL, where it turns them off itself',
      { ACL: 'public-read', ObjectOwnership: 'BucketOwnerEnforced' },
      'InvalidBucketAclWithObjectOwnership',
    ],
    ['with a public ACL, where it turns them on', { ACL: 'public-read', ObjectOwnership: 'ObjectWriter' }, 'granted'],
    ['with the ACL private', { ACL: 'private' }, 'granted'],
    ['with ownership of no kind', { ObjectOwnership: 'Nobody' }, 'InvalidArgument'],
    ['with a grant to nobody', { GrantRead: 'id="nobody"', ObjectOwnership: 'ObjectWriter' }, 'InvalidArgument'],
  ])('%s', async (_what, wish, expected) => {
    expect(await outcome(create(wish))).toBe(expected)
  })

  it('has the ACL that it was made with', async () => {
    const ObjectOwnership = 'ObjectWriter'
    await create({ ObjectOwnership, GrantRead: `id="${THEIR_ID}"` }, 'ourroot', 'owned-granted')
    const { Grants, Owner } = await as('ourroot').send(new GetBucketAclCommand({ Bucket: 'owned-granted' }))
    expect([Owner?.ID, Grants?.map(({ Permission, Grantee }) => [Permission, Grantee?.ID])]).toEqual([
      OUR_ID,
      [['READ', THEIR_ID]],
    ])
  })

  it('needs the rights to set what it is made with', async () => {
    const may = async (...actions: string[]) => {
      const sessionPolicy = policy({ Effect: 'Allow', Action: actions, Resource: '*' })
      return world.client(await world.role(OURS, 'fullworker', { sessionPolicy }))
    }
    const wish = (extra: object) => new CreateBucketCommand({ Bucket: `owned-${++made}`, ...extra })
    const plain = await may('s3:CreateBucket')
    expect(await outcome(plain.send(wish({})))).toBe('granted')
    expect(await outcome(plain.send(wish({ ACL: 'private' })))).toBe('AccessDenied')
    expect(await outcome(plain.send(wish({ ObjectOwnership: 'ObjectWriter' })))).toBe('AccessDenied')
    const more = await may('s3:CreateBucket', 's3:PutBucketAcl', 's3:PutBucketOwnershipControls')
    expect(await outcome(more.send(wish({ ACL: 'private', ObjectOwnership: 'ObjectWriter' })))).toBe('granted')
  })

  it('that is there already is not said to have what it has not', async () => {
    const again = (wish: object, name = 'ourroot', Bucket = 'owned-again') => outcome(create(wish, name, Bucket))
    expect(await again({ ACL: 'public-read', ObjectOwnership: 'ObjectWriter' })).toBe('granted')
    expect(await again({ ACL: 'public-read', ObjectOwnership: 'ObjectWriter' })).toBe('granted')
    expect(await again({})).toBe('granted')
    expect(await again({ ACL: 'private' })).toBe('BucketAlreadyOwnedByYou')
    expect(await again({ ObjectOwnership: 'BucketOwnerEnforced' })).toBe('BucketAlreadyOwnedByYou')
    expect(await again({ ACL: 'public-read' }, 'cephroot', 'ceph-again')).toBe('granted')
    expect(await again({}, 'cephroot', 'ceph-again')).toBe('BucketAlreadyExists')
  })
})

describe('an object of another account', () => {
  it('is that account’s: the bucket’s owner lists and deletes it, no more', async () => {
    const name = await bucket()
    await foreign(name)
    const at = { Bucket: name, ...THEIRS_KEY }
    const run = async (who: string) => {
      const s3 = as(who)
      return [
        await outcome(s3.send(new GetObjectCommand(at))),
        await outcome(s3.send(new HeadObjectCommand(at))),
        await outcome(s3.send(new GetObjectAclCommand(at))),
        await outcome(s3.send(new PutObjectAclCommand({ ...at, ACL: 'private' }))),
        await outcome(s3.send(new GetObjectTaggingCommand(at))),
        await outcome(s3.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [] } }))),
        await outcome(s3.send(new CopyObjectCommand({ Bucket: name, Key: 'copy', CopySource: `${name}/theirs` }))),
      ].join(' ')
    }
    const denied = ['AccessDenied', 'Unknown', ...Array(5).fill('AccessDenied')].join(' ')
    expect(await run('ourroot')).toBe(denied)
    expect(await run('fullstranger')).toBe(Array(7).fill('granted').join(' '))
    expect(await run('stranger')).toBe(denied)
    expect(await ownerOf(name, 'theirs')).toBe(THEIR_ID)
    // What the bucket’s policy allows is not for it; what it denies is.
    await bucketPolicy(name, (Resource) => ({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject*', Resource }))
    expect([await run('ourroot'), await run('stranger'), (await send({ path: `/${name}/theirs` })).status]).toEqual([
      denied,
      denied,
      403,
    ])
    expect(await outcome(as('plain').send(new GetObjectCommand({ Bucket: name, Key: 'k' })))).toBe('granted')
    await bucketPolicy(name, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource }))
    expect((await run('fullstranger')).split(' ')[0]).toBe('AccessDenied')
    expect(await outcome(as('ourroot').send(new DeleteObjectCommand(at)))).toBe('granted')
  })

  it('is read by the bucket’s owner as far as its ACL says, and by everybody who may', async () => {
    const name = await bucket()
    await foreign(name, { ACL: 'bucket-owner-read' })
    const read = (who: string) => outcome(as(who).send(new GetObjectCommand({ Bucket: name, ...THEIRS_KEY })))
    expect([await read('ourroot'), await read('plain'), await read('full')]).toEqual([
      'granted',
      'AccessDenied',
      'granted',
    ])
    const share = new PutObjectAclCommand({ Bucket: name, ...THEIRS_KEY, ACL: 'private' })
    expect(await outcome(as('ourroot').send(share))).toBe('AccessDenied')
    await foreign(name, { ACL: 'public-read' })
    expect([await read('stranger'), (await send({ path: `/${name}/theirs` })).status]).toEqual(['granted', 200])
  })

  it('is the bucket owner’s while ACLs are off, and again its writer’s', async () => {
    const name = await bucket()
    await foreign(name, { ACL: 'public-read' })
    await bucketAcl(name, { ACL: 'private' })
    const at = { Bucket: name, ...THEIRS_KEY }
    const read = (who: string) => outcome(as(who).send(new GetObjectCommand(at)))
    const anonymous = async () => (await send({ path: `/${name}/theirs` })).status
    await controls(name, 'BucketOwnerEnforced')
    expect([
      await read('ourroot'),
      await read('fullstranger'),
      await anonymous(),
      await ownerOf(name, 'theirs'),
    ]).toEqual(['granted', 'AccessDenied', 403, OUR_ID])
    const { Grants, Owner } = await as('ourroot').send(new GetObjectAclCommand(at))
    expect([Owner?.ID, Grants?.map(({ Grantee }) => Grantee?.ID)]).toEqual([OUR_ID, [OUR_ID]])
    await controls(name, 'ObjectWriter')
    expect([await read('fullstranger'), await anonymous(), await ownerOf(name, 'theirs')]).toEqual([
      'granted',
      200,
      THEIR_ID,
    ])
  })

  it.each([
    ['BucketOwnerPreferred', { ACL: 'bucket-owner-full-control' }, OUR_ID],
    ['BucketOwnerPreferred', { ACL: 'bucket-owner-read' }, THEIR_ID],
    ['BucketOwnerPreferred', { GrantFullControl: `id="${OUR_ID}"` }, THEIR_ID],
    ['BucketOwnerPreferred', {}, THEIR_ID],
    ['ObjectWriter', { ACL: 'bucket-owner-full-control' }, THEIR_ID],
  ] as const)('in a bucket of %s sent with %j belongs to %s', async (setting, wish, owner) => {
    const name = await bucket(setting)
    await foreign(name, wish)
    expect(await ownerOf(name, 'theirs')).toBe(owner)
    const { Versions = [] } = await as('ourroot').send(new ListObjectVersionsCommand({ Bucket: name }))
    const { Contents = [] } = await as('ourroot').send(new ListObjectsV2Command({ Bucket: name, FetchOwner: true }))
    for (const listed of [Versions, Contents]) {
      expect(listed.map(({ Key, Owner }) => [Key, Owner?.ID])).toEqual([
        ['k', OUR_ID],
        ['theirs', owner],
      ])
    }
  })

  it('is what it deletes by WRITE, and nothing else', async () => {
    const name = await bucket()
    await foreign(name)
    const remove = (Key: string) => outcome(as('fullstranger').send(new DeleteObjectCommand({ Bucket: name, Key })))
    expect([await remove('k'), await remove('theirs'), await remove('absent')]).toEqual([
      'AccessDenied',
      'granted',
      'AccessDenied',
    ])
    await foreign(name)
    await bucketAcl(name, { ACL: 'private' })
    expect(await remove('theirs')).toBe('AccessDenied')
  })
})

describe('what nobody signed for', () => {
  it('belongs to nobody: the bucket’s owner deletes it', async () => {
    const name = await bucket()
    const put = () => send({ method: 'PUT', path: `/${name}/anon`, body: 'x' })
    expect((await put()).status).toBe(403)
    await bucketAcl(name, { ACL: 'public-read-write' })
    expect((await put()).status).toBe(200)
    expect(await ownerOf(name, 'anon')).toBe(ANONYMOUS_ID)
    const at = { Bucket: name, Key: 'anon' }
    for (const who of ['ourroot', 'full', 'fullstranger']) {
      expect(await outcome(as(who).send(new GetObjectCommand(at)))).toBe('AccessDenied')
    }
    expect((await send({ path: `/${name}/anon` })).status).toBe(403)
    expect((await send({ method: 'DELETE', path: `/${name}/anon` })).status).toBe(403)
    expect(await outcome(as('ourroot').send(new DeleteObjectCommand(at)))).toBe('granted')
  })

  it('may have an ACL, as long as nothing denies that', async () => {
    const name = await bucket()
    await bucketAcl(name, { ACL: 'public-read-write' })
    const put = () =>
      send({ method: 'PUT', path: `/${name}/anon`, body: 'x', headers: { 'x-amz-acl': 'bucket-owner-full-control' } })
    expect((await put()).status).toBe(200)
    expect(await outcome(as('ourroot').send(new GetObjectCommand({ Bucket: name, Key: 'anon' })))).toBe('granted')
    await bucketPolicy(name, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:PutObjectAcl', Resource }))
    expect((await put()).status).toBe(403)
  })
})

describe('an upload with an ACL', () => {
  it('needs the right to set one', async () => {
    const name = await bucket()
    const sessionPolicy = policy({ Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: '*' })
    const s3 = world.client(await world.role(OURS, 'fullworker', { sessionPolicy }))
    const at = { Bucket: name, Key: 'new' }
    const CopySource = `${name}/k`
    for (const [wish, expected] of [
      [{}, 'granted'],
      [{ ACL: 'private' }, 'AccessDenied'],
      [{ GrantRead: `id="${THEIR_ID}"` }, 'AccessDenied'],
    ] as const) {
      expect(await outcome(s3.send(new PutObjectCommand({ ...at, ...wish })))).toBe(expected)
      expect(await outcome(s3.send(new CopyObjectCommand({ ...at, ...wish, CopySource })))).toBe(expected)
      expect(await outcome(s3.send(new CreateMultipartUploadCommand({ ...at, ...wish })))).toBe(expected)
    }
  })

  it('of another account needs no such right of the bucket’s policy, which may deny it', async () => {
    const name = await bucket()
    const grant = (Resource: string[]) => ({ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource })
    const put = (who: string, ACL?: 'bucket-owner-full-control') =>
      outcome(as(who).send(new PutObjectCommand({ Bucket: name, Key: 'new', ...(ACL && { ACL }) })))
    await bucketPolicy(name, grant)
    expect(await put('fullstranger', 'bucket-owner-full-control')).toBe('granted')
    expect(await put('plain')).toBe('granted')
    // In the bucket’s own account the policy of the bucket is asked, and says nothing of it.
    expect(await put('plain', 'bucket-owner-full-control')).toBe('AccessDenied')
    const deny = (Resource: string[]) => ({ Effect: 'Deny', Principal: '*', Action: 's3:PutObjectAcl', Resource })
    await bucketPolicy(name, grant, deny)
    expect([await put('fullstranger', 'bucket-owner-full-control'), await put('fullstranger')]).toEqual([
      'AccessDenied',
      'granted',
    ])
  })

  it('gives a copy the ACL that was asked for, never its source’s', async () => {
    const name = await bucket()
    await objectAcl(name, { ACL: 'public-read' })
    const copy = (Key: string, wish: object) =>
      as('ourroot').send(new CopyObjectCommand({ Bucket: name, Key, CopySource: `${name}/k`, ...wish }))
    await copy('plain', {})
    await copy('open', { ACL: 'public-read' })
    const status = async (key: string) => (await send({ path: `/${name}/${key}` })).status
    expect([await status('k'), await status('plain'), await status('open')]).toEqual([200, 403, 200])
  })

  it('is refused where ACLs are off, unless the bucket’s owner keeps everything', async () => {
    const name = await bucket('BucketOwnerEnforced')
    const put = (wish: object) => outcome(as('ourroot').send(new PutObjectCommand({ Bucket: name, Key: 'n', ...wish })))
    expect(await put({ ACL: 'bucket-owner-full-control' })).toBe('granted')
    expect(await put({ GrantFullControl: `id="${OUR_ID}"` })).toBe('granted')
    for (const wish of [{ ACL: 'private' }, { ACL: 'public-read' }, { GrantFullControl: `id="${THEIR_ID}"` }]) {
      expect(await put(wish)).toBe('AccessControlListNotSupported')
    }
    expect(await outcome(objectAcl(name, { ACL: 'private' }))).toBe('AccessControlListNotSupported')
    expect(await outcome(bucketAcl(name, { ACL: 'private' }))).toBe('AccessControlListNotSupported')
  })
})

describe('a multipart upload of another account', () => {
  it('is its initiator’s to list and abort, and so is its object', async () => {
    const name = await bucket()
    await bucketAcl(name, { GrantWrite: `id="${THEIR_ID}"`, GrantRead: `id="${THEIR_ID}"` })
    const at = { Bucket: name, Key: 'parts' }
    const begin = async (who: string, wish = {}) =>
      (await as(who).send(new CreateMultipartUploadCommand({ ...at, ...wish }))).UploadId
    const UploadId = await begin('fullstranger', { ACL: 'public-read' })
    const listed = await as('ourroot').send(new ListPartsCommand({ ...at, UploadId }))
    expect([listed.Owner?.ID, listed.Initiator?.ID]).toEqual([THEIR_ID, `arn:aws:iam::${THEIRS}:user/fullstranger`])
    const { Uploads = [] } = await as('ourroot').send(new ListMultipartUploadsCommand({ Bucket: name }))
    expect(Uploads.map(({ Owner }) => Owner?.ID)).toEqual([THEIR_ID])
    const ours = await begin('ourroot')
    const list = (who: string, id = UploadId) => outcome(as(who).send(new ListPartsCommand({ ...at, UploadId: id })))
    const abort = (who: string, id = UploadId) =>
      outcome(as(who).send(new AbortMultipartUploadCommand({ ...at, UploadId: id })))
    expect([await list('fullstranger'), await list('stranger'), await list('fullstranger', ours)]).toEqual([
      'granted',
      'AccessDenied',
      'AccessDenied',
    ])
    expect(await abort('fullstranger', ours)).toBe('AccessDenied')
    expect(await abort('fullstranger', '0'.repeat(44))).toBe('AccessDenied')
    await bucketPolicy(name, (Resource) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:ListMultipartUploadParts',
      Resource,
    }))
    expect(await list('fullstranger')).toBe('AccessDenied')
    expect([await abort('stranger'), await abort('fullstranger')]).toEqual(['AccessDenied', 'granted'])
  })
})

describe('an ACL that is set', () => {
  const setBoth = async (wish: object) => {
    const name = await bucket()
    return [await outcome(bucketAcl(name, wish)), await outcome(objectAcl(name, wish))]
  }
  const grants = (ID: string) => [{ Permission: 'READ' as const, Grantee: { Type: 'CanonicalUser' as const, ID } }]
  it.each([
    ['by a document', { AccessControlPolicy: { Owner: { ID: OUR_ID }, Grants: grants(THEIR_ID) } }, 'granted'],
    ['for a Ceph-style account', { GrantRead: `id="${canonicalUserId(CEPH_TOO)}"` }, 'granted'],
    ['of another owner', { AccessControlPolicy: { Owner: { ID: THEIR_ID }, Grants: [] } }, 'AccessDenied'],
    ['for an account that is not there', { GrantRead: `id="${canonicalUserId('999999999999')}"` }, 'InvalidArgument'],
    ['for the anonymous as one', { GrantRead: `id="${ANONYMOUS_ID}"` }, 'InvalidArgument'],
    [
      'for an account that is not there, by a document',
      { AccessControlPolicy: { Owner: { ID: OUR_ID }, Grants: grants('nobody') } },
      'InvalidArgument',
    ],
    [
      'in two ways',
      { ACL: 'private', AccessControlPolicy: { Owner: { ID: OUR_ID }, Grants: [] } },
      'UnexpectedContent',
    ],
    ['in no way', {}, 'MissingSecurityHeader'],
  ])('%s', async (_how, wish, expected) => {
    expect(await setBoth(wish)).toEqual([expected, expected])
  })

  it('stays with the object’s owner, whoever sets it', async () => {
    const name = await bucket()
    await objectAcl(name, { GrantFullControl: `id="${THEIR_ID}"` })
    const at = { Bucket: name, Key: 'k' }
    await as('fullstranger').send(new PutObjectAclCommand({ ...at, ACL: 'private' }))
    const { Owner, Grants } = await as('ourroot').send(new GetObjectAclCommand(at))
    expect([Owner?.ID, Grants?.map(({ Grantee }) => Grantee?.ID)]).toEqual([OUR_ID, [OUR_ID]])
    expect(await outcome(as('fullstranger').send(new GetObjectCommand(at)))).toBe('AccessDenied')
  })

  it('of an object is gone with it', async () => {
    const name = await bucket()
    await objectAcl(name, { ACL: 'public-read' })
    await as('ourroot').send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'next' }))
    expect((await send({ path: `/${name}/k` })).status).toBe(403)
  })

  it('is told to the log when it is public', async () => {
    const name = await bucket()
    world.gateway.logged.length = 0
    await objectAcl(name, { GrantRead: `id="${THEIR_ID}"` })
    expect(world.gateway.logged).toEqual([])
    await objectAcl(name, { GrantRead: `uri="${ALL_USERS}"` })
    await bucketAcl(name, { ACL: 'authenticated-read' })
    const by = `arn:aws:iam::${OURS}:root`
    expect(world.gateway.logged).toEqual([
      { event: 's3.public-acl', requestId: expect.any(String), bucket: name, key: 'k', by },
      { event: 's3.public-acl', requestId: expect.any(String), bucket: name, by },
    ])
  })
})
