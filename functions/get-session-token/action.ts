import type { GetSessionTokenRequest, GetSessionTokenResponse } from '@aws-sdk/client-sts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { namedRows } from '@daypass/core/authentication/named-rows.ts'
import { type CallerAndRows, queryCallerAlongside } from '@daypass/core/authentication/query-caller.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { verifySecondFactor } from '@daypass/core/mfa/second-factor.ts'
import { getSessionTokenModel } from '@daypass/core/model/sts/get-session-token.ts'
import { ownSessionEnd } from '@daypass/core/sessions/duration.ts'
import { mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'

/**
 * GetSessionToken: a session of the user's or root's own rights. It needs no permission, and no policy can deny it (AWS: "No
 * permissions are required for users to perform this operation"); what it may call is limited by session-limits.ts.
 */
export function getSessionToken(deps: CredentialDeps): QueryOperation {
  return signedOperation<GetSessionTokenRequest, GetSessionTokenResponse, CallerAndRows>(
    getSessionTokenModel,
    (exchange) => queryCallerAlongside(deps, 'sts', exchange, namedRows(exchange)),
    (input, exchange, caller) => makeSession(deps, input, exchange, caller),
  )
}

async function makeSession(
  deps: CredentialDeps,
  input: GetSessionTokenRequest,
  { startedAt, audit }: Exchange,
  { caller, rows }: CallerAndRows,
): Promise<GetSessionTokenResponse> {
  const { account, user, session } = caller
  if (session) throw new StsError('AccessDenied', 'Cannot call GetSessionToken with session credentials')
  const mfaAuthenticatedAt = await verifySecondFactor(deps, caller, rows, input)
  const draft = {
    account,
    issuedAt: startedAt,
    expiresAt: ownSessionEnd(startedAt, input.DurationSeconds, { root: !user }),
    madeBy: 'GetSessionToken',
    sessionPolicyArns: [],
    tags: [],
    transitiveTagKeys: [],
    claims: {},
    ancestors: [],
    ...(mfaAuthenticatedAt === undefined ? {} : { mfaAuthenticatedAt }),
  } as const
  const credentials = await mintSession(
    deps,
    user ? { ...draft, kind: 'user', userName: user.userName, userId: user.userId } : { ...draft, kind: 'root' },
    input.MinimumSessionTokenSize,
    user,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return { Credentials: credentials, ...tokenFigures(credentials) }
}
