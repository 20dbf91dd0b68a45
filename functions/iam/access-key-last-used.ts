import type { GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse } from '@aws-sdk/client-iam'
import { rootArn, userArn } from '@daypass/core/arn.ts'
import { getAccessKeyLastUsedModel } from '@daypass/core/model/iam/get-access-key-last-used.ts'
import { parseAccessKey } from '@daypass/core/store/entities/access-key.ts'
import { parseAccessKeyUse } from '@daypass/core/store/entities/access-key-use.ts'
import { rootAccessKeyIds } from '@daypass/core/store/entities/account.ts'
import { accessKeyKey, accessKeyUseKey } from '@daypass/core/store/keys.ts'
import { noSuchKey } from './access-keys.ts'
import { readAccount } from './account-row.ts'
import { type IamCall, iamOperation } from './call.ts'
import { findEntity } from './entity-kind.ts'
import { USER } from './user-kind.ts'

/** When and for what a key was last used, to within some minutes; "N/A" where no use is known. */
export const getAccessKeyLastUsed = iamOperation<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse>(
  getAccessKeyLastUsedModel,
  async (call, { AccessKeyId: accessKeyId = '' }) => {
    const owner = await ownerOf(call, accessKeyId)
    const arn = owner?.arn ?? userArn(call.account, '/', '*')
    // A denial tells nothing about the key: neither whose it is nor whether it is there.
    await call.demand('iam:GetAccessKeyLastUsed', arn, owner?.keys, `access key ${accessKeyId}`)
    if (!owner) throw noSuchKey(accessKeyId)
    const item = await call.store.get(accessKeyUseKey(accessKeyId))
    const use = item && parseAccessKeyUse(item)
    return {
      ...(owner.userName === undefined ? {} : { UserName: owner.userName }),
      AccessKeyLastUsed: use
        ? { LastUsedDate: new Date(use.usedAt * 1000), ServiceName: use.service, Region: use.region }
        : // The SDK's type wants a date where AWS leaves it out.
          ({ ServiceName: 'N/A', Region: 'N/A' } as never),
    }
  },
)

/** The owner's row in the caller's account decides: another account's key is none, and so is one that was given up. */
async function ownerOf(call: IamCall, accessKeyId: string) {
  const row = await call.store.get(accessKeyKey(accessKeyId))
  const key = row && parseAccessKey(row)
  if (!key) return undefined
  if (key.userName === undefined) {
    const isRoots = rootAccessKeyIds(await readAccount(call)).includes(accessKeyId)
    return isRoots ? { arn: rootArn(call.account), keys: new Map() } : undefined
  }
  const user = await findEntity(call, USER, key.userName)
  if (!user?.accessKeyIds.includes(accessKeyId)) return undefined
  return { arn: user.arn, keys: USER.keysOf(user), userName: user.userName }
}
