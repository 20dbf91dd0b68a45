import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { getCallerIdentityModel } from '@daypass/core/model/sts/get-caller-identity.ts'

/** GetCallerIdentity: whose credentials signed the request. It needs no permission, and no policy can deny it. */
export function getCallerIdentity(deps: CredentialDeps): QueryOperation {
  return signedOperation<GetCallerIdentityRequest, GetCallerIdentityResponse, Caller>(
    getCallerIdentityModel,
    (exchange: Exchange) => queryCaller(deps, 'sts', exchange),
    async (_input, _exchange, { account, arn, userId }) => ({ Account: account, Arn: arn, UserId: userId }),
  )
}
