import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { canonicalUserId } from '../../../functions/s3/owner.ts'
import { behind } from '../support/backings.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { element, send } from '../support/raw.ts'

const ALICE = '111111111111'
const controls = (ownership: string) =>
  `<OwnershipControls><Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule></OwnershipControls>`

describe.each([ALICE, ''])('buckets of a store behind the gateway, whose account is %j', (account) => {
  let origin: Gateway
  let gateway: Gateway
  beforeEach(async () => {
    origin = await startGateway()
    gateway = await startGateway(behind(origin.endpoint, account))
    gateway.allow(() => true)
    await origin.buckets.create({ name: 'found', account: '222222222222', region: 'us-east-1' })
  })
  afterEach(async () => {
    await gateway.close()
    await origin.close()
  })
  const put = async (path: string, options = {}) => {
    const answer = await send(gateway, { method: 'PUT', path, ...options })
    return answer.status === 200 ? 200 : element(answer, 'Code')
  }

  it('keep no ACLs, and say so', async () => {
    expect(await put('/bkt')).toBe(200)
    for (const bucket of ['bkt', 'found']) {
      const told = await send(gateway, { path: `/${bucket}?ownershipControls` })
      expect(element(told, 'ObjectOwnership')).toBe('BucketOwnerEnforced')
      const headers = { 'x-amz-acl': 'public-read' }
      expect(await put(`/${bucket}/k`, { body: 'x', headers })).toBe('AccessControlListNotSupported')
      expect(await put(`/${bucket}/k`, { body: 'x' })).toBe(200)
      expect(await put(`/${bucket}/k?acl`, { headers })).toBe('AccessControlListNotSupported')
      expect(await put(`/${bucket}?acl`, { headers })).toBe('AccessControlListNotSupported')
      for (const ownership of ['BucketOwnerPreferred', 'ObjectWriter']) {
        const body = controls(ownership)
        expect(await put(`/${bucket}?ownershipControls`, { body })).toBe('AccessControlListNotSupported')
      }
      const removed = await send(gateway, { method: 'DELETE', path: `/${bucket}?ownershipControls` })
      expect(element(removed, 'Code')).toBe('AccessControlListNotSupported')
      expect(await put(`/${bucket}?ownershipControls`, { body: controls('BucketOwnerEnforced') })).toBe(200)
    }
  })

  it('are not made with ownership or an ACL that they would not have', async () => {
    const open = { 'x-amz-object-ownership': 'ObjectWriter' }
    expect(await put('/new', { headers: open })).toBe('AccessControlListNotSupported')
    const shared = { ...open, 'x-amz-acl': 'public-read' }
    expect(await put('/new', { headers: shared })).toBe('AccessControlListNotSupported')
    expect((await send(gateway, { path: '/new' })).status).toBe(404)
    expect(await put('/new', { headers: { 'x-amz-acl': 'private' } })).toBe(200)
  })

  it('have ACLs off, whatever a record of them says', async () => {
    const wish = { name: 'bkt', account: ALICE, region: 'us-east-1' }
    const bucket: Bucket = await gateway.buckets.create(wish)
    expect(bucket.ownership).toBe('BucketOwnerEnforced')
    await gateway.buckets.change(bucket, { acl: '[{"grantee":{"group":"AllUsers"},"permission":"READ"}]' })
    expect(await gateway.buckets.find('bkt')).toMatchObject({ ownership: 'BucketOwnerEnforced' })
    for await (const listed of gateway.buckets.list(ALICE)) expect(listed.ownership).toBe('BucketOwnerEnforced')
  })
})

describe('an object’s ACL in the embedded store', () => {
  let gateway: Gateway
  beforeEach(async () => {
    gateway = await startGateway()
    gateway.allow(() => true)
    const headers = { 'x-amz-object-ownership': 'ObjectWriter' }
    await send(gateway, { method: 'PUT', path: '/bkt', headers })
  })
  afterEach(() => gateway.close())

  const bucketNow = async () => (await gateway.buckets.find('bkt')) ?? expect.fail('no bucket')
  const objectNow = async (versionId?: string) => {
    const found = await gateway.objects.find(await bucketNow(), 'k', versionId)
    return found && !('marker' in found) ? found : expect.fail('no object')
  }
  const put = (headers = {}) => send(gateway, { method: 'PUT', path: '/bkt/k', body: 'x', headers })
  const acl = '[]'

  it('is set on the object that was found, and on no later one', async () => {
    await put()
    const judged = await objectNow()
    await gateway.objects.setAcl(await bucketNow(), judged, acl)
    expect(await objectNow()).toMatchObject({ acl, modifiedAt: judged.modifiedAt, etag: judged.etag })
    await gateway.objects.setAcl(await bucketNow(), judged, undefined)
    expect(await objectNow()).toEqual(judged)
    const other = canonicalUserId('222222222222')
    for (const gone of [{ owner: other }, { etag: 'other' }, { modifiedAt: 1 }]) {
      const wish = gateway.objects.setAcl(await bucketNow(), { ...judged, ...gone }, acl)
      await expect(wish).rejects.toMatchObject({ code: 'OperationAborted' })
    }
    expect(await objectNow()).toEqual(judged)
    const absent = gateway.objects.setAcl(await bucketNow(), { ...judged, key: 'absent' }, acl)
    await expect(absent).rejects.toMatchObject({ code: 'NoSuchKey' })
  })

  it('is each version’s own, and survives its covering', async () => {
    await put({ 'x-amz-acl': 'public-read' })
    const first = await objectNow()
    await gateway.buckets.change(await bucketNow(), { versioning: 'Enabled' })
    const second = String((await put()).headers['x-amz-version-id'])
    await put()
    expect(await objectNow('null')).toMatchObject({ acl: first.acl })
    expect(await objectNow(second)).not.toHaveProperty('acl')
    const path = `/bkt/k?acl&versionId=${second}`
    const set = await send(gateway, { method: 'PUT', path, headers: { 'x-amz-acl': 'authenticated-read' } })
    expect([set.status, set.headers['x-amz-version-id']]).toEqual([200, second])
    expect((await send(gateway, { path })).body).toContain('groups/global/AuthenticatedUsers')
    expect((await send(gateway, { path: '/bkt/k?acl' })).body).not.toContain('groups/global')
    expect((await send(gateway, { path: '/bkt/k?acl&versionId=null' })).body).toContain('groups/global/AllUsers')
  })
})
