import { identityProviderArn } from '@daypass/core/arn.ts'
import { decideFederatedTrust } from '@daypass/core/authorization/federated-trust.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { CustomTokenSource } from '@daypass/core/identity/custom-token/source.ts'
import { keptJwtClaims } from '@daypass/core/identity-sources/claim-keys.ts'
import { sessionEnd } from '@daypass/core/sessions/duration.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { mintRoleSession } from '@daypass/core/sessions/role-session.ts'
import { sourceName } from '@daypass/core/store/entities/session.ts'
import type { CustomTokenDeps, ProvenToken } from './action.ts'
import { notTrusted } from './refusals.ts'

/** As trust policies name a webhook. */
export const providerArn = ({ account, name }: CustomTokenSource) =>
  identityProviderArn(account, { sourceKind: 'token', source: name })

/** A session of a role that trusts the webhook; it has the user's name, and the webhook bounds how long it lasts. */
export async function takeRole(
  deps: CustomTokenDeps,
  { source, identity, input, exchange, rows }: ProvenToken,
  named: NamedRole,
): Promise<GrantedSession> {
  const { startedAt, audit } = exchange
  const { user, claims } = identity
  audit.provider = providerArn(source)
  const role = findRole(named, rows)
  if (!role) throw notTrusted('there is no such role')
  // A source is configured for one account, and only there its name says something.
  if (role.account !== source.account) throw notTrusted('the role is in another account than the webhook')
  const decision = decideFederatedTrust({
    action: 'AssumeRoleWithCustomToken',
    role,
    providerArn: providerArn(source),
    identityKeys: claimsContext('jwt', claims),
    roleSessionName: user,
    exchange,
    tags: [],
    transitiveTagKeys: [],
  })
  if (decision.outcome !== 'allow') throw notTrusted(decision.outcome)
  return mintRoleSession(
    deps,
    {
      role,
      roleSessionName: user,
      startedAt,
      kept: {
        identitySource: sourceName({ sourceKind: 'token', source: source.name }),
        claims: keptJwtClaims(claims),
        ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      },
      latestEnd: sessionEnd(startedAt, identity.maxValiditySeconds),
    },
    input,
    rows,
  )
}
