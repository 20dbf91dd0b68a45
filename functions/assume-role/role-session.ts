import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import { StsError } from '@daypass/core/errors.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { verifySecondFactor, withSecondFactor } from '@daypass/core/mfa/second-factor.ts'
import { chainedSourceIdentity, lineageFrom } from '@daypass/core/sessions/chain.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { mintRoleSession } from '@daypass/core/sessions/role-session.ts'
import { sessionTags } from '@daypass/core/sessions/session-tags.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { demandTrust } from './trust.ts'

/** A session of the role that the caller names. The role's row is loaded; the write of the session is all that remains. */
export async function assumeNamedRole(
  deps: CredentialDeps,
  input: AssumeRoleRequest,
  { account, roleName, roleArn }: NamedRole,
  exchange: Exchange,
  caller: Caller,
  rows: Rows,
): Promise<AssumeRoleResponse> {
  const { startedAt, audit } = exchange
  audit.role = roleArn
  const { RoleSessionName: roleSessionName, ExternalId: externalId } = input
  if (roleSessionName === undefined) throw missingMember('RoleSessionName')
  if (caller.principal.root) throw new StsError('AccessDenied', 'Roles may not be assumed by root accounts.')
  const tags = sessionTags(account, input, caller.session?.transitiveTags)
  const sourceIdentity = chainedSourceIdentity(caller, input.SourceIdentity)
  const lineage = lineageFrom(caller, startedAt)
  const mfaAuthenticatedAt = await verifySecondFactor(deps, caller, rows, input)

  const item = rows.get(roleKey(account, roleName))
  const found = item && parseRole(item)
  // The key has no path and folds case: only the exact ARN names the role.
  const role = await demandTrust(deps, {
    caller: withSecondFactor(caller, mfaAuthenticatedAt, startedAt),
    role: found?.arn === roleArn ? found : undefined,
    account,
    roleArn,
    roleSessionName,
    externalId,
    tags,
    transitiveTagKeys: input.TransitiveTagKeys ?? [],
    sourceIdentity,
    exchange,
  })

  const { credentials, answer } = await mintRoleSession(
    deps,
    {
      role,
      roleSessionName,
      startedAt,
      kept: { claims: {}, ...lineage, ...(mfaAuthenticatedAt === undefined ? {} : { mfaAuthenticatedAt }) },
      tags: tags.all,
      transitiveTagKeys: tags.transitiveKeys,
      sourceIdentity,
      chained: caller.session?.kind === 'role',
    },
    input,
    rows,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return { Credentials: credentials, ...answer }
}
