import { accessKeyUseItem } from '@daypass/core/store/entities/access-key-use.ts'
import { accessKeyKey, accessKeyUseKey, accountKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob', { Action: 'iam:*AccessKey*', Resource: `arn:aws:iam::${ACCOUNT}:user/bob` })
})

const keysOf = async (credentials: SigningCredentials, params = {}) =>
  members((await daypass.iam(credentials, 'ListAccessKeys', params)).result.AccessKeyMetadata)

describe('CreateAccessKey', () => {
  it('answers a key that works at once, and its secret this once', async () => {
    const { AccessKey } = await daypass.root('CreateAccessKey', { UserName: 'BOB' })
    expect(AccessKey).toEqual({
      UserName: 'bob',
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      Status: 'Active',
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      CreateDate: '2026-01-01T00:00:00Z',
    })
    const fresh = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
    const list = await daypass.iam(fresh, 'ListAccessKeys')
    expect(JSON.stringify([list, daypass.logged])).not.toContain(fresh.secretAccessKey)
    const stored = await daypass.deps.store.get(accessKeyKey(fresh.accessKeyId))
    expect(JSON.stringify(stored)).not.toContain(fresh.secretAccessKey)
  })

  it('without a name makes a key of the caller', async () => {
    expect((await daypass.iam(bob, 'CreateAccessKey')).result.AccessKey.UserName).toBe('bob')
  })

  it('gives a user two keys and no third', async () => {
    await daypass.root('CreateAccessKey', { UserName: 'bob' })
    expect(await daypass.iam(ROOT, 'CreateAccessKey', { UserName: 'bob' })).toMatchObject({
      status: 409,
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    })
  })

  it('gives no third key to two calls at the same moment either, and leaves no row behind', async () => {
    const { store } = daypass.deps
    const { put } = store
    const written: string[] = []
    store.put = async (item, options) => {
      store.put = put
      await daypass.root('CreateAccessKey', { UserName: 'bob' })
      written.push(item.pk)
      return put(item, options)
    }
    expect((await daypass.iam(ROOT, 'CreateAccessKey', { UserName: 'bob' })).code).toBe('LimitExceeded')
    expect(await keysOf(ROOT, { UserName: 'bob' })).toHaveLength(2)
    expect((await store.query(written[0] ?? '')).items).toEqual([])
  })

  it.each([
    [
      'of another user without the right',
      () => daypass.iam(bob, 'CreateAccessKey', { UserName: 'eve' }),
      'AccessDenied',
    ],
    ['of a user that is not there', () => daypass.iam(ROOT, 'CreateAccessKey', { UserName: 'eve' }), 'NoSuchEntity'],
  ])('refuses a key %s', async (_what, call, code) => {
    expect((await call()).code).toBe(code)
  })
})

describe('root’s own keys', () => {
  it('are listed, made inactive and deleted like a user’s', async () => {
    const first = { UserName: 'root', AccessKeyId: ROOT.accessKeyId, Status: 'Active' }
    expect(await keysOf(ROOT)).toMatchObject([first])
    const { AccessKey } = await daypass.root('CreateAccessKey')
    expect(await keysOf(ROOT)).toMatchObject([first, { AccessKeyId: AccessKey.AccessKeyId }])
    expect((await daypass.iam(ROOT, 'CreateAccessKey')).code).toBe('LimitExceeded')
    await daypass.root('UpdateAccessKey', { AccessKeyId: AccessKey.AccessKeyId, Status: 'Inactive' })
    expect(await keysOf(ROOT)).toMatchObject([first, { Status: 'Inactive' }])
    await daypass.root('DeleteAccessKey', { AccessKeyId: AccessKey.AccessKeyId })
    expect(await keysOf(ROOT)).toMatchObject([first])
  })

  it('end when they are deleted; the other takes their place', async () => {
    const { AccessKey } = await daypass.root('CreateAccessKey')
    await daypass.root('DeleteAccessKey', { AccessKeyId: ROOT.accessKeyId })
    expect((await daypass.iam(ROOT, 'ListUsers')).code).toBe('InvalidClientTokenId')
    const account = await daypass.deps.store.get(accountKey(ACCOUNT))
    expect([account?.rootAccessKeyId, account?.secondRootAccessKeyId]).toEqual([AccessKey.AccessKeyId, undefined])
    const other = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
    expect((await daypass.iam(other, 'ListUsers')).code).toBeUndefined()
  })

  it('are out of reach of a session of root that is limited to other things', async () => {
    const params = { Action: 'AssumeRole', RoleArn: 'arn:xxx:xxx:xxx:xxxx', RoleSessionName: 'limited' }
    const session = credentialsOf(
      await daypass.signed(ROOT, { ...params, Policy: policy({ Action: 'iam:ListAccessKeys' }) }),
    )
    expect(await keysOf(session)).toHaveLength(1)
    for (const action of ['CreateAccessKey', 'GetUser', 'ListMFADevices', 'ListSSHPublicKeys']) {
      expect([action, (await daypass.iam(session, action)).code]).toEqual([action, 'AccessDenied'])
    }
  })

  it('are one, when bootstrap puts the second in force', async () => {
    const { AccessKey } = await daypass.root('CreateAccessKey')
    const second = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
    const rootAccessKey = { AccessKeyId: second.accessKeyId, SecretAccessKey: second.secretAccessKey }
    await daypass.apply({ id: ACCOUNT, rootAccessKey })
    expect(await keysOf(second)).toMatchObject([{ AccessKeyId: second.accessKeyId }])
    expect((await daypass.iam(ROOT, 'ListUsers')).code).toBe('InvalidClientTokenId')
  })

  it('are not for an administrator to reach', async () => {
    const admin = await daypass.user('admin', { Action: '*' })
    expect((await daypass.iam(admin, 'DeleteAccessKey', { AccessKeyId: ROOT.accessKeyId })).code).toBe('NoSuchEntity')
    const params = { AccessKeyId: ROOT.accessKeyId, UserName: 'bob' }
    expect((await daypass.iam(admin, 'DeleteAccessKey', params)).code).toBe('NoSuchEntity')
    expect((await daypass.iam(admin, 'UpdateAccessKey', { ...params, Status: 'Inactive' })).code).toBe('NoSuchEntity')
    expect((await daypass.iam(ROOT, 'ListUsers')).code).toBeUndefined()
  })
})

describe('UpdateAccessKey', () => {
  it('ends a key and brings it back', async () => {
    const key = { UserName: 'bob', AccessKeyId: bob.accessKeyId }
    await daypass.root('UpdateAccessKey', { ...key, Status: 'Inactive' })
    expect((await daypass.iam(bob, 'ListAccessKeys')).code).toBe('InvalidClientTokenId')
    await daypass.root('UpdateAccessKey', { ...key, Status: 'Active' })
    expect((await daypass.iam(bob, 'ListAccessKeys')).code).toBeUndefined()
  })

  it.each([
    ['a status that only AWS sets', { UserName: 'bob', Status: 'Expired' }, 'ValidationError'],
    ['a user that does not have the key', { UserName: 'eve', Status: 'Inactive' }, 'NoSuchEntity'],
    ['an unknown key', { UserName: 'bob', Status: 'Inactive', AccessKeyId: 'AKIANOBODY' }, 'NoSuchEntity'],
  ])('refuses %s', async (_what, params, code) => {
    await daypass.root('CreateUser', { UserName: 'eve' })
    expect((await daypass.iam(ROOT, 'UpdateAccessKey', { AccessKeyId: bob.accessKeyId, ...params })).code).toBe(code)
    expect((await daypass.iam(bob, 'ListAccessKeys')).code).toBeUndefined()
  })
})

describe('DeleteAccessKey', () => {
  it('ends a key at once', async () => {
    await daypass.iam(bob, 'DeleteAccessKey', { AccessKeyId: bob.accessKeyId })
    expect((await daypass.iam(bob, 'ListAccessKeys')).code).toBe('InvalidClientTokenId')
    expect(await daypass.iam(ROOT, 'DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId })).toMatchObject(
      {
        code: 'NoSuchEntity',
        message: `The Access Key with id ${bob.accessKeyId} cannot be found.`,
      },
    )
  })

  it.each([
    ['another account’s', { UserName: 'bob', AccessKeyId: 'ceph-key' }],
    ['another user’s', { UserName: 'eve', AccessKeyId: '' }],
  ])('does not reach %s key', async (_what, params) => {
    const key = { AccessKeyId: 'ceph-key', SecretAccessKey: 'secret' }
    await daypass.apply({ id: 'ceph', users: [{ UserName: 'bob', accessKeys: [key] }] })
    await daypass.root('CreateUser', { UserName: 'eve' })
    const AccessKeyId = params.AccessKeyId || bob.accessKeyId
    expect((await daypass.iam(ROOT, 'DeleteAccessKey', { ...params, AccessKeyId })).code).toBe('NoSuchEntity')
    expect(await daypass.deps.store.get(accessKeyKey(AccessKeyId))).toBeDefined()
  })

  it('completes a deletion that broke off after it had ended the key', async () => {
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { accessKeyIds: [] } })
    await daypass.root('DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId })
    expect(await daypass.deps.store.get(accessKeyKey(bob.accessKeyId))).toBeUndefined()
  })
})

describe('ListAccessKeys', () => {
  it('answers pages', async () => {
    await daypass.root('CreateAccessKey', { UserName: 'bob' })
    const first = await daypass.root('ListAccessKeys', { UserName: 'bob', MaxItems: 1 })
    expect([members(first.AccessKeyMetadata).length, first.IsTruncated]).toEqual([1, 'true'])
    const second = await daypass.root('ListAccessKeys', { UserName: 'bob', MaxItems: 1, Marker: first.Marker })
    expect([members(second.AccessKeyMetadata).length, second.IsTruncated]).toEqual([1, 'false'])
  })
})

describe('GetAccessKeyLastUsed', () => {
  const lastUsed = (credentials: SigningCredentials, AccessKeyId: string) =>
    daypass.iam(credentials, 'GetAccessKeyLastUsed', { AccessKeyId })

  it('says N/A of a key that was never used', async () => {
    const { AccessKey } = await daypass.root('CreateAccessKey', { UserName: 'bob' })
    expect((await lastUsed(bob, AccessKey.AccessKeyId)).result).toEqual({
      UserName: 'bob',
      AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
    })
  })

  it('tells of the last use that was noted', async () => {
    const use = { accessKeyId: bob.accessKeyId, usedAt: 1_767_225_600, service: 's3', region: 'eu-north-1' }
    await daypass.deps.store.put(accessKeyUseItem(use))
    expect((await lastUsed(bob, bob.accessKeyId)).result.AccessKeyLastUsed).toEqual({
      LastUsedDate: '2026-01-01T00:00:00Z',
      ServiceName: 's3',
      Region: 'eu-north-1',
    })
    await daypass.root('DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId })
    expect(await daypass.deps.store.get(accessKeyUseKey(bob.accessKeyId))).toBeUndefined()
  })

  it('tells one without the right nothing of a key: neither whose it is nor whether it is there', async () => {
    await daypass.root('CreateUser', { UserName: 'hidden', Path: '/secret/' })
    const { AccessKey } = await daypass.root('CreateAccessKey', { UserName: 'hidden' })
    const told = async (id: string) => {
      const { code, message = '' } = await lastUsed(await daypass.user(`u${id}`), id)
      expect(code).toBe('AccessDenied')
      expect(message).toContain(`on resource: access key ${id} because`)
      return message
    }
    expect(await told(AccessKey.AccessKeyId)).not.toMatch(/hidden|secret/)
    await told('AKIANOBODY')
    await told(ROOT.accessKeyId)
  })

  it.each([
    ['an unknown key', 'AKIANOBODY'],
    ['another account’s key', 'ceph-key'],
  ])('does not know %s', async (_what, id) => {
    const key = { AccessKeyId: 'ceph-key', SecretAccessKey: 'secret' }
    await daypass.apply({ id: 'ceph', users: [{ UserName: 'bob', accessKeys: [key] }] })
    expect((await lastUsed(ROOT, id)).code).toBe('NoSuchEntity')
    expect((await lastUsed(bob, id)).code).toBe('AccessDenied')
  })

  it.each([
    [
      'a user’s key that it has given up',
      () => bob.accessKeyId,
      () => daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { accessKeyIds: [] } }),
    ],
    [
      'a root key that is not in force',
      () => ROOT.accessKeyId,
      () => daypass.deps.store.update(accountKey(ACCOUNT), { set: { rootAccessKeyId: 'newer' } }),
    ],
    [
      'another account’s root key',
      () => 'other-root',
      () => daypass.apply({ id: 'other', rootAccessKey: { AccessKeyId: 'other-root', SecretAccessKey: 'secret' } }),
    ],
  ])('does not know %s', async (_what, id, change) => {
    const admin = await daypass.user('admin', { Action: 'iam:*' })
    await change()
    expect((await lastUsed(admin, id())).code).toBe('NoSuchEntity')
  })

  it('is decided by the key’s owner', async () => {
    const eve = await daypass.user('eve')
    expect((await lastUsed(bob, eve.accessKeyId)).code).toBe('AccessDenied')
    expect((await lastUsed(bob, ROOT.accessKeyId)).code).toBe('AccessDenied')
    expect((await lastUsed(ROOT, ROOT.accessKeyId)).code).toBeUndefined()
  })
})
