import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aclWorld } from './support/acls.ts'
import { OURS, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
const { bucket, policy: bucketPolicy, send } = aclWorld(() => world)

const put = (name: string, query: string, more: object = {}) =>
  send({
    method: 'PUT',
    path: `/${name}/new${query}`,
    body: 'x',
    as: world.credentials('ourroot'),
    presigned: 60,
    ...more,
  })
const get = (name: string, query = '') => send({ path: `/${name}/new${query}`, as: world.credentials('ourroot') })
const anonymous = async (name: string) => (await send({ path: `/${name}/new` })).status

describe('a presigned upload whose query states headers', () => {
  it('has their metadata, however they are written', async () => {
    const name = await bucket()
    expect((await put(name, '?x-amz-meta-one=a%20b&X-Amz-Meta-Two=2')).status).toBe(200)
    expect((await get(name)).headers).toMatchObject({ 'x-amz-meta-one': 'a b', 'x-amz-meta-two': '2' })
  })

  it('has their tags, for which it needs the right', async () => {
    const name = await bucket()
    expect((await put(name, '?x-amz-tagging=a%3Db')).status).toBe(200)
    expect((await get(name, '?tagging')).body).toContain('<Key>a</Key><Value>b</Value>')
    await bucketPolicy(name, (Resource) => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OURS}:user/plain` },
      Action: 's3:PutObject',
      Resource,
    }))
    const as = world.credentials('plain')
    expect((await put(name, '?x-amz-tagging=a%3Db', { as })).code).toBe('AccessDenied')
    expect((await put(name, '', { as })).status).toBe(200)
  })

  it('has their ACL, which policies are asked about', async () => {
    const name = await bucket()
    expect((await put(name, '?x-amz-acl=public-read')).status).toBe(200)
    expect(await anonymous(name)).toBe(200)
    expect((await put(name, '')).status).toBe(200)
    expect(await anonymous(name)).toBe(403)
    await bucketPolicy(name, (Resource) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource,
      Condition: { StringEquals: { 's3:x-amz-acl': 'public-read' } },
    }))
    expect((await put(name, '?x-amz-acl=public-read')).code).toBe('AccessDenied')
  })

  it('grants what they grant', async () => {
    const name = await bucket()
    const everyone = encodeURIComponent('uri="http://acs.amazonaws.com/groups/global/AllUsers"')
    expect((await put(name, `?x-amz-grant-read=${everyone}`)).status).toBe(200)
    expect(await anonymous(name)).toBe(200)
  })

  it.each([
    [`x-amz-expected-bucket-owner=${OURS}`, 200, ''],
    [`x-amz-expected-bucket-owner=${THEIRS}`, 403, 'AccessDenied'],
    ['x-amz-storage-class=STANDARD', 200, ''],
    ['x-amz-storage-class=GLACIER', 400, 'InvalidStorageClass'],
    ['x-amz-server-side-encryption=AES256', 501, 'NotImplemented'],
    ['x-amz-object-lock-mode=COMPLIANCE', 501, 'NotImplemented'],
    ['x-amz-website-redirect-location=%2Fx', 501, 'NotImplemented'],
    ['x-amz-meta-a=b%0Ac', 400, 'InvalidArgument'],
    ['x-amz-meta-a%20b=c', 400, 'InvalidArgument'],
    // As S3 does: SDKs write the checksum of no content.
    ['x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32', 200, ''],
    ['x-amz-copy-source=%2Fno-such-bucket%2Fk', 200, ''],
  ])('with %s is answered %i %s', async (query, status, code) => {
    const answer = await put(await bucket(), `?${query}`)
    expect([answer.status, answer.code]).toEqual([status, code])
  })

  it('may state a header that is signed too, but not otherwise', async () => {
    const name = await bucket()
    const headers = { 'x-amz-meta-a': 'b' }
    expect((await put(name, '?x-amz-meta-a=b', { headers })).status).toBe(200)
    expect((await put(name, '?x-amz-meta-a=c', { headers })).code).toBe('InvalidRequest')
  })
})

it('the query of an upload that is signed in a header, or by nobody, states none', async () => {
  const name = await bucket()
  expect((await put(name, '?x-amz-meta-a=b&x-amz-acl=public-read', { presigned: undefined })).status).toBe(200)
  expect((await get(name)).headers).not.toHaveProperty('x-amz-meta-a')
  expect(await anonymous(name)).toBe(403)
  expect((await send({ path: `/${name}/new?x-amz-expected-bucket-owner=${OURS}` })).status).toBe(403)
})
