import type { GetDelegatedAccessTokenRequest, GetDelegatedAccessTokenResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { getDelegatedAccessTokenModel } from '@daypass/core/model/sts/get-delegated-access-token.ts'

/**
 * GetDelegatedAccessToken: trade-in tokens come from a console's delegation requests, which nobody can make here, so there
 * is no right one.
 */
export function getDelegatedAccessToken(deps: CredentialDeps): QueryOperation {
  return signedOperation<GetDelegatedAccessTokenRequest, GetDelegatedAccessTokenResponse, Caller>(
    getDelegatedAccessTokenModel,
    (exchange) => queryCaller(deps, 'sts', exchange),
    async (_input, { request, startedAt: now }, caller) => {
      await demand(deps.sessionRing, caller, { action: 'sts:GetDelegatedAccessToken', resource: '*', request, now })
      throw new StsError(
        'ExpiredTradeInTokenException',
        'The trade-in token provided in the request has expired and can no longer be exchanged for credentials. Request a new token.',
      )
    },
  )
}
