import type {
  AccessKey as ApiAccessKey,
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from '@aws-sdk/client-iam'
import { newAccessKeyId, newSecretAccessKey } from '@daypass/core/credentials/random-names.ts'
import { sealSecret } from '@daypass/core/credentials/sealed-secret.ts'
import { StsError } from '@daypass/core/errors.ts'
import { createAccessKeyModel } from '@daypass/core/model/iam/create-access-key.ts'
import { deleteAccessKeyModel } from '@daypass/core/model/iam/delete-access-key.ts'
import { listAccessKeysModel } from '@daypass/core/model/iam/list-access-keys.ts'
import { updateAccessKeyModel } from '@daypass/core/model/iam/update-access-key.ts'
import { type AccessKey, accessKeyItem, parseAccessKey } from '@daypass/core/store/entities/access-key.ts'
import { accessKeyKey, accessKeyUseKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { allowedKeyOwner, type KeyOwner } from './access-key-owner.ts'
import { type IamCall, iamOperation } from './call.ts'
import { limitExceeded } from './errors.ts'
import { pageOfList } from './pages.ts'
import { getAll } from './rows.ts'

/** AWS's quota, for users and root alike. */
const MOST_KEYS = 2

/** The one answer that ever holds the secret. */
export const createAccessKey = iamOperation<CreateAccessKeyRequest, CreateAccessKeyResponse>(
  createAccessKeyModel,
  async (call, { UserName }) => {
    const owner = await allowedKeyOwner(call, UserName, 'iam:CreateAccessKey')
    const accessKeyId = newAccessKeyId('AKIA')
    const secret = newSecretAccessKey()
    const key: AccessKey = {
      accessKeyId,
      account: call.account,
      sealedSecret: await sealSecret(call.deps.longTermRing, 'long-term-secret', accessKeyId, secret),
      status: 'Active',
      createdAt: call.now,
      ...(owner.userName === undefined ? {} : { userName: owner.userName }),
    }
    // The owner's row makes the key valid, so it comes last: what is left behind before it opens nothing.
    await call.store.put(accessKeyItem(key), { condition: { exists: false } })
    try {
      await owner.change((ids) => {
        if (ids.length >= MOST_KEYS) throw limitExceeded('AccessKeysPerUser', MOST_KEYS)
        return [...ids, accessKeyId]
      })
    } catch (error) {
      await call.store.remove(accessKeyKey(accessKeyId))
      throw error
    }
    return { AccessKey: { ...apiKey(owner, key), SecretAccessKey: secret } as ApiAccessKey }
  },
)

export const listAccessKeys = iamOperation<ListAccessKeysRequest, ListAccessKeysResponse>(
  listAccessKeysModel,
  async (call, input) => {
    const owner = await allowedKeyOwner(call, input.UserName, 'iam:ListAccessKeys')
    const { entities, ...rest } = pageOfList(owner.accessKeyIds, input)
    const rows = await getAll(call.store, entities.map(accessKeyKey))
    const keys = rows.filter((row) => row !== undefined).map(parseAccessKey)
    return { AccessKeyMetadata: keys.map((key) => apiKey(owner, key)), ...rest }
  },
)

export const updateAccessKey = iamOperation<UpdateAccessKeyRequest, void>(
  updateAccessKeyModel,
  async (call, { UserName, AccessKeyId: accessKeyId = '', Status: status }) => {
    const owner = await allowedKeyOwner(call, UserName, 'iam:UpdateAccessKey')
    if (status !== 'Active' && status !== 'Inactive') {
      throw new StsError('ValidationError', 'Status must be Active or Inactive')
    }
    if (!owner.accessKeyIds.includes(accessKeyId)) throw noSuchKey(accessKeyId)
    try {
      const condition = { exists: true, equals: { account: call.account } } as const
      await call.store.update(accessKeyKey(accessKeyId), { set: { status } }, { condition })
    } catch (error) {
      throw error instanceof ConditionFailed ? noSuchKey(accessKeyId) : error
    }
  },
)

export const deleteAccessKey = iamOperation<DeleteAccessKeyRequest, void>(
  deleteAccessKeyModel,
  async (call, { UserName, AccessKeyId: accessKeyId = '' }) => {
    const owner = await allowedKeyOwner(call, UserName, 'iam:DeleteAccessKey')
    const isOwners = owner.accessKeyIds.includes(accessKeyId) || (await isLeftOver(call, owner, accessKeyId))
    if (!isOwners) throw noSuchKey(accessKeyId)
    // From the owner's row first: with that the key has ended, whatever becomes of the rest.
    await owner.change((ids) => ids.filter((id) => id !== accessKeyId))
    await call.store.remove(accessKeyKey(accessKeyId))
    await call.store.remove(accessKeyUseKey(accessKeyId))
  },
)

/** A key that its owner has given up, but whose row was left behind by a process that broke off. */
async function isLeftOver({ store, account }: IamCall, owner: KeyOwner, accessKeyId: string): Promise<boolean> {
  const row = await store.get(accessKeyKey(accessKeyId))
  const key = row && parseAccessKey(row)
  return key?.account === account && key.userName === owner.userName
}

const apiKey = ({ shownName }: KeyOwner, { accessKeyId, status, createdAt }: AccessKey) => ({
  UserName: shownName,
  AccessKeyId: accessKeyId,
  Status: status,
  CreateDate: new Date(createdAt * 1000),
})

export const noSuchKey = (accessKeyId: string) =>
  new StsError('NoSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`)
