import type { DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { openDenial } from '@daypass/core/authorization/denial-message.ts'
import { StsError } from '@daypass/core/errors.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { decodeAuthorizationMessageModel } from '@daypass/core/model/sts/decode-authorization-message.ts'

/** DecodeAuthorizationMessage: why a request of the caller's account was denied, for those who may know. */
export function decodeAuthorizationMessage(deps: CredentialDeps): QueryOperation {
  return signedOperation<DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse, Caller>(
    decodeAuthorizationMessageModel,
    (exchange) => queryCaller(deps, 'sts', exchange),
    async ({ EncodedMessage: unverified = '' }, { request, startedAt: now }, caller) => {
      await demand(deps.sessionRing, caller, { action: 'sts:DecodeAuthorizationMessage', resource: '*', request, now })
      const message = await openDenial(deps.sessionRing, caller.account, unverified)
      if (message === undefined) {
        throw new StsError(
          'InvalidAuthorizationMessageException',
          'The message is damaged, or it was not sealed for a caller of this account',
        )
      }
      return { DecodedMessage: message }
    },
  )
}
