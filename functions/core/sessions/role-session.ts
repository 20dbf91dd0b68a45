import { assumedRoleArn } from '../arn.ts'
import type { Rows } from '../authentication/rows.ts'
import type { Tag } from '../store/entities/fields.ts'
import type { Role } from '../store/entities/role.ts'
import type { RoleSession, Session } from '../store/entities/session.ts'
import { roleSessionEnd } from './duration.ts'
import type { GrantedSession } from './granted-session.ts'
import { type MintDeps, mintSession, tokenFigures } from './mint.ts'
import { passedPolicies } from './passed-policies.ts'
import type { SessionPolicyInput } from './session-policies.ts'

/** What a caller asks of the session, besides the role. */
export interface RoleSessionInput extends SessionPolicyInput {
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

/** A role that was granted: whoever decided that makes the session of it. */
export interface RoleGrant {
  readonly role: Role
  readonly roleSessionName: string
  /** Milliseconds since the epoch, taken before the first read. */
  readonly startedAt: number
  /** What the session keeps of what was proven: its provider or source with the claims; its caller's lineage and second factor. */
  readonly kept: Pick<Session, 'claims'> &
    Partial<
      Pick<
        RoleSession,
        'claimsDocument' | 'provider' | 'identitySource' | 'ancestors' | 'lineage' | 'mfaAuthenticatedAt'
      >
    >
  readonly tags?: readonly Tag[]
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string | undefined
  /** Whether it is made with another role's session (AWS: role chaining). */
  readonly chained?: boolean
  /** Seconds since the epoch: when what proved the caller ends, and the session with it. */
  readonly latestEnd?: number
  /** What is done last, when nothing but the mint remains. */
  readonly beforeMint?: () => Promise<void>
}

/**
 * Makes a session of a role, within the session policies that were passed; no decision is made here. The rows that decided
 * are in `rows`: one write, and a read for session policies that are not among them. Throws ValidationError for a time that
 * the role does not allow, and as `passedPolicies` and `mintSession` do.
 */
export async function mintRoleSession(
  deps: MintDeps,
  grant: RoleGrant,
  input: RoleSessionInput,
  rows: Rows,
): Promise<GrantedSession> {
  const { role, roleSessionName, startedAt, tags = [], sourceIdentity, chained = false } = grant
  const { account, roleName, roleId } = role
  const end = roleSessionEnd(startedAt, input.DurationSeconds, role.maxSessionDuration, { chained })
  const passed = await passedPolicies(account, input, tags, rows)
  await grant.beforeMint?.()
  const credentials = await mintSession(
    deps,
    {
      kind: 'role',
      account,
      roleName,
      roleId,
      roleSessionName,
      issuedAt: startedAt,
      expiresAt: Math.min(end, grant.latestEnd ?? end),
      tags,
      transitiveTagKeys: grant.transitiveTagKeys ?? [],
      ancestors: [],
      ...grant.kept,
      ...passed.draft,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    input.MinimumSessionTokenSize,
  )
  return {
    credentials,
    answer: {
      AssumedRoleUser: {
        AssumedRoleId: `${roleId}:${roleSessionName}`,
        Arn: assumedRoleArn(account, roleName, roleSessionName),
      },
      ...tokenFigures(credentials),
      ...passed.answer,
      ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
    },
  }
}
