import type { GetAccessKeyInfoRequest, GetAccessKeyInfoResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { getAccessKeyInfoModel } from '@daypass/core/model/sts/get-access-key-info.ts'
import { parseAccessKey } from '@daypass/core/store/entities/access-key.ts'
import { parseRevocation, parseSession } from '@daypass/core/store/entities/session.ts'
import { accessKeyKey, sessionKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'

/**
 * GetAccessKeyInfo: which account an access key id belongs to, of whatever account, so that a leaked key finds its owner. It
 * tells nothing else: neither whose it is nor whether it is still good.
 */
export function getAccessKeyInfo(deps: CredentialDeps): QueryOperation {
  return signedOperation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse, Caller>(
    getAccessKeyInfoModel,
    (exchange) => queryCaller(deps, 'sts', exchange),
    async ({ AccessKeyId: id = '' }, { request, startedAt: now }, caller) => {
      await demand(deps.sessionRing, caller, { action: 'sts:GetAccessKeyInfo', resource: '*', request, now })
      const [key, session] = await deps.store.getMany([accessKeyKey(id), sessionKey(id)])
      const account = (key && parseAccessKey(key).account) ?? (session && accountOfLiveSession(session, now))
      if (account === undefined) throw new StsError('ValidationError', 'There is no such access key: check AccessKeyId')
      return { Account: account }
    },
  )
}

/** A table may keep a session that is over; the answer does not depend on that. */
function accountOfLiveSession(item: Item, now: number): string | undefined {
  if (parseRevocation(item).revokedBy.length > 0) return undefined
  const { account, expiresAt } = parseSession(item)
  return now < expiresAt * 1000 ? account : undefined
}
