import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import { prepareQuestion } from '@daypass/core/authorization/authorize.ts'
import { accessDenied, demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { verifySecondFactor, withSecondFactor } from '@daypass/core/mfa/second-factor.ts'
import { decide } from '@daypass/core/policy/decide.ts'
import { roleSessionEnd } from '@daypass/core/sessions/duration.ts'
import { mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'
import { passedPolicies } from '@daypass/core/sessions/passed-policies.ts'
import { requestTagKeys, type SessionTags, sessionTags } from '@daypass/core/sessions/session-tags.ts'

/** MinIO's bound, and the model's. */
const LONGEST_SECONDS = 43_200

/**
 * A session of the caller's own rights, within the policies that it passes; user and root keep their ARN (MinIO's
 * AssumeRole). It needs no permission, as in MinIO, but an explicit Deny of sts:AssumeRole on the caller's own ARN holds.
 */
export async function assumeOwnRights(
  deps: CredentialDeps,
  input: AssumeRoleRequest,
  exchange: Exchange,
  caller: Caller,
  rows: Rows,
): Promise<AssumeRoleResponse> {
  const { account, user, userId, arn } = caller
  const { startedAt, audit } = exchange
  if (caller.session) {
    throw new StsError('AccessDenied', 'Cannot call AssumeRole without a role with session credentials')
  }
  const tags = sessionTags(account, input)
  const { SourceIdentity: sourceIdentity } = input
  const mfaAuthenticatedAt = await verifySecondFactor(deps, caller, rows, input)
  await demandOwnRights(deps, withSecondFactor(caller, mfaAuthenticatedAt, startedAt), input, tags, exchange)

  const policies = await passedPolicies(account, input, tags.all, rows)
  const draft = {
    account,
    issuedAt: startedAt,
    expiresAt: roleSessionEnd(startedAt, input.DurationSeconds, LONGEST_SECONDS),
    madeBy: 'AssumeRole',
    tags: tags.all,
    transitiveTagKeys: tags.transitiveKeys,
    claims: {},
    ancestors: [],
    ...policies.draft,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(mfaAuthenticatedAt === undefined ? {} : { mfaAuthenticatedAt }),
  } as const
  const credentials = await mintSession(
    deps,
    user ? { ...draft, kind: 'user', userName: user.userName, userId: user.userId } : { ...draft, kind: 'root' },
    input.MinimumSessionTokenSize,
    user,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return {
    Credentials: credentials,
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...tokenFigures(credentials),
    ...policies.answer,
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  }
}

async function demandOwnRights(
  { sessionRing }: CredentialDeps,
  caller: Caller,
  { TransitiveTagKeys, SourceIdentity, RoleSessionName }: AssumeRoleRequest,
  tags: SessionTags,
  { request, startedAt }: Exchange,
): Promise<void> {
  const context = new Map<string, readonly string[]>([
    ...requestTagKeys(tags, TransitiveTagKeys),
    ...(RoleSessionName === undefined ? [] : [['sts:RoleSessionName', [RoleSessionName]] as const]),
    ...(SourceIdentity === undefined ? [] : [['sts:SourceIdentity', [SourceIdentity]] as const]),
  ])
  const about = { resource: caller.arn, resourceAccount: caller.account, context, request, now: startedAt }
  const prepared = await prepareQuestion(caller, { ...about, action: 'sts:AssumeRole' })
  const decision = decide(prepared.request, prepared.policies)
  if (decision.outcome === 'explicitDeny') throw await accessDenied(sessionRing, caller, prepared, decision)
  if (tags.all.length > 0) await demand(sessionRing, caller, { ...about, action: 'sts:TagSession' })
  if (SourceIdentity !== undefined) await demand(sessionRing, caller, { ...about, action: 'sts:SetSourceIdentity' })
}
