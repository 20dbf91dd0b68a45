import type { AssumeRoleWithWebIdentityResponse } from '@aws-sdk/client-sts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import { exchangeToken, type WebIdentityDeps } from './exchange.ts'
import { assumeRoleWithWebIdentityModel, type WebIdentityInput } from './model.ts'

/**
 * AssumeRoleWithWebIdentity: an OpenID token becomes a session of a role whose trust policy says so; without a role, of the
 * rights that a configured OpenID source gives its users.
 */
export function assumeRoleWithWebIdentity(deps: WebIdentityDeps): QueryOperation {
  return operation<WebIdentityInput, AssumeRoleWithWebIdentityResponse>(
    assumeRoleWithWebIdentityModel,
    async (input, exchange) => {
      const { WebIdentityToken = '', WebIdentityAccessToken: accessToken } = input
      const { subject, ...answer } = await exchangeToken(
        deps,
        {
          ...input,
          action: 'AssumeRoleWithWebIdentity',
          token: WebIdentityToken,
          subject: 'sub',
          ...(accessToken !== undefined && { accessToken }),
        },
        exchange,
      )
      return { ...answer, SubjectFromWebIdentityToken: subject }
    },
  )
}
