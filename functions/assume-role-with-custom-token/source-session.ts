import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { keptJwtClaims } from '@daypass/core/identity-sources/claim-keys.ts'
import { findNamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import type { CustomTokenDeps, ProvenToken } from './action.ts'
import { notConfigured } from './refusals.ts'

const AN_HOUR = 3600

/** A session without a role: of the policies that the operator gave to all users of the webhook. */
export async function grantPolicySession(
  deps: CustomTokenDeps,
  { source, identity, input, exchange, rows }: ProvenToken,
): Promise<GrantedSession> {
  if (!source.rolePolicy) throw notConfigured()
  const rights = await findNamedRights(rows, source.account, { policies: source.rolePolicy, groups: [] })
  const { user, claims, maxValiditySeconds } = identity
  const asked = input.DurationSeconds ?? deps.stsDurationSeconds ?? AN_HOUR
  return mintIdentitySession(
    deps,
    {
      account: source.account,
      sourceKind: 'token',
      source: source.name,
      subject: user,
      claims: keptJwtClaims(claims),
      ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      ...rights,
    },
    { ...input, DurationSeconds: Math.min(asked, maxValiditySeconds) },
    { startedAt: exchange.startedAt },
    rows,
  )
}
