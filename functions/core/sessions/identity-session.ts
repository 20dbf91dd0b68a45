import { identityPrincipal } from '../authentication/identity-principal.ts'
import type { Rows } from '../authentication/rows.ts'
import type { IdentitySession } from '../store/entities/session.ts'
import { roleSessionEnd } from './duration.ts'
import type { GrantedSession } from './granted-session.ts'
import { type MintDeps, mintSession, tokenFigures } from './mint.ts'
import { passedPolicies } from './passed-policies.ts'
import type { SessionPolicyInput } from './session-policies.ts'

/** MinIO allows more; a session of ours lasts twelve hours at most. */
const LONGEST_SECONDS = 43_200

/** What was proven of an identity that takes no role, whichever way. */
export interface ProvenIdentity {
  readonly account: string
  /** How it was proven, and the name of the configured source. */
  readonly sourceKind: IdentitySession['sourceKind']
  readonly source: string
  readonly subject: string
  /** Existing managed policies by ARN, and existing groups by name. */
  readonly policyArns: readonly string[]
  readonly groups: readonly string[]
  /** What policies may refer to, without the prefix that the kind of source gives (`jwt:`, `ldap:` …). */
  readonly claims: Readonly<Record<string, readonly string[]>>
  /** All of them in JSON, when a decision webhook wants them. */
  readonly claimsDocument?: string
}

export interface IdentitySessionInput extends SessionPolicyInput {
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface IdentitySessionTerms {
  /** Milliseconds since the epoch, taken before the first read. */
  readonly startedAt: number
  /** How long a session lasts whose caller names no duration; absent: an hour. */
  readonly defaultSeconds?: number | undefined
  /** Seconds since the epoch: when what proved the identity ends, and its sessions with it. */
  readonly latestEnd?: number
}

/**
 * Makes a session of a proven identity without a role. Its rights are its policies and those of its groups, as they stand
 * with each request, within the session policies that were passed. The rows that decided are in `rows`.
 */
export async function mintIdentitySession(
  deps: MintDeps,
  identity: ProvenIdentity,
  input: IdentitySessionInput,
  { startedAt, defaultSeconds, latestEnd = Number.POSITIVE_INFINITY }: IdentitySessionTerms,
  rows: Rows,
): Promise<GrantedSession> {
  const { account, groups } = identity
  const passed = await passedPolicies(account, input, [], rows)
  const credentials = await mintSession(
    deps,
    {
      kind: 'identity',
      ...identity,
      issuedAt: startedAt,
      expiresAt: Math.min(
        roleSessionEnd(startedAt, input.DurationSeconds ?? defaultSeconds, LONGEST_SECONDS),
        latestEnd,
      ),
      tags: [],
      transitiveTagKeys: [],
      ancestors: [],
      ...passed.draft,
    },
    input.MinimumSessionTokenSize,
    { groups },
  )
  const { arn, userId } = identityPrincipal(identity)
  return {
    credentials,
    answer: { AssumedRoleUser: { AssumedRoleId: userId, Arn: arn }, ...tokenFigures(credentials), ...passed.answer },
  }
}
