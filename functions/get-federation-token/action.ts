import type { GetFederationTokenRequest, GetFederationTokenResponse } from '@aws-sdk/client-sts'
import { federatedUserArn } from '@daypass/core/arn.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { namedPolicies } from '@daypass/core/authentication/named-rows.ts'
import { type CallerAndRows, queryCallerAlongside } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { getFederationTokenModel } from '@daypass/core/model/sts/get-federation-token.ts'
import { ownSessionEnd } from '@daypass/core/sessions/duration.ts'
import { mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'
import { passedPolicies } from '@daypass/core/sessions/passed-policies.ts'
import { requestTagKeys, sessionTags } from '@daypass/core/sessions/session-tags.ts'

/**
 * GetFederationToken: a session for somebody whom the calling user knows by name. It has the user's rights within the
 * session policies, and none when no policy is passed (besides what resource policies grant to its own ARN).
 */
export function getFederationToken(deps: CredentialDeps): QueryOperation {
  return signedOperation<GetFederationTokenRequest, GetFederationTokenResponse, CallerAndRows>(
    getFederationTokenModel,
    (exchange) => queryCallerAlongside(deps, 'sts', exchange, namedPolicies(exchange.request)),
    (input, exchange, caller) => federate(deps, input, exchange, caller),
  )
}

async function federate(
  deps: CredentialDeps,
  input: GetFederationTokenRequest,
  { request, startedAt, audit }: Exchange,
  { caller, rows }: CallerAndRows,
): Promise<GetFederationTokenResponse> {
  const { account, user, session } = caller
  const { Name: federatedName = '' } = input
  if (session) throw new StsError('AccessDenied', 'Cannot call GetFederationToken with session credentials')
  const arn = federatedUserArn(account, federatedName)
  const tags = sessionTags(account, input)
  const about = { resource: arn, resourceAccount: account, context: requestTagKeys(tags), request, now: startedAt }
  await demand(deps.sessionRing, caller, { ...about, action: 'sts:GetFederationToken' })
  if (tags.all.length > 0) await demand(deps.sessionRing, caller, { ...about, action: 'sts:TagSession' })
  const policies = await passedPolicies(account, input, tags.all, rows)
  const credentials = await mintSession(
    deps,
    {
      kind: 'federated-user',
      account,
      federatedName,
      issuedAt: startedAt,
      expiresAt: ownSessionEnd(startedAt, input.DurationSeconds, { root: !user }),
      tags: tags.all,
      transitiveTagKeys: [],
      claims: {},
      ancestors: [],
      ...policies.draft,
      ...(user ? { userName: user.userName, userId: user.userId } : {}),
    },
    input.MinimumSessionTokenSize,
    user,
  )
  audit.accessKeyId = credentials.AccessKeyId
  audit.federatedUser = arn
  return {
    Credentials: credentials,
    FederatedUser: { FederatedUserId: `${account}:${federatedName}`, Arn: arn },
    ...tokenFigures(credentials),
    ...policies.answer,
  }
}
