import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import {
  type AssumeRoleWithClientGrantsRequest,
  type AssumeRoleWithClientGrantsResponse,
  assumeRoleWithClientGrantsModel,
} from '@daypass/core/model/daypass/assume-role-with-client-grants.ts'
import { exchangeToken, type WebIdentityDeps } from '../assume-role-with-web-identity/exchange.ts'

/**
 * AssumeRoleWithClientGrants (MinIO): the access token that a service got with its own client credentials becomes a
 * session, by the same rules as an id_token. Such a token may lack `sub`; then it speaks of its client.
 */
export function assumeRoleWithClientGrants(deps: WebIdentityDeps): QueryOperation {
  return operation<AssumeRoleWithClientGrantsRequest, AssumeRoleWithClientGrantsResponse>(
    assumeRoleWithClientGrantsModel,
    async ({ Token, ...limits }, exchange) => {
      const request = {
        ...limits,
        action: 'AssumeRoleWithClientGrants',
        token: Token,
        subject: 'sub or client',
      } as const
      const { subject, ...answer } = await exchangeToken(deps, request, exchange)
      return { ...answer, SubjectFromToken: subject }
    },
  )
}
