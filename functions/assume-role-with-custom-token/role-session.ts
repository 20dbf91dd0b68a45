import { assumedRoleArn, identityProviderArn } from '@daypass/core/arn.ts'
import { decideFederatedTrust } from '@daypass/core/authorization/federated-trust.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { CustomTokenSource } from '@daypass/core/identity/custom-token/source.ts'
import { keptJwtClaims } from '@daypass/core/identity-sources/claim-keys.ts'
import { roleSessionEnd, sessionEnd } from '@daypass/core/sessions/duration.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import { type MintedCredentials, mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { passedPolicies } from '@daypass/core/sessions/passed-policies.ts'
import { sourceName } from '@daypass/core/store/entities/session.ts'
import type { CustomTokenDeps, ProvenToken } from './action.ts'
import { notTrusted } from './refusals.ts'

/** What either way answers. */
export interface GrantedSession {
  readonly credentials: MintedCredentials
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
  readonly SessionTokenSize: number
  readonly SessionTokenUtilization: number
}

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
  const passed = await passedPolicies(role.account, input, [], rows)
  const asked = roleSessionEnd(startedAt, input.DurationSeconds, role.maxSessionDuration)
  const credentials = await mintSession(
    deps,
    {
      kind: 'role',
      account: role.account,
      roleName: role.roleName,
      roleId: role.roleId,
      roleSessionName: user,
      identitySource: sourceName({ sourceKind: 'token', source: source.name }),
      issuedAt: startedAt,
      expiresAt: Math.min(asked, sessionEnd(startedAt, identity.maxValiditySeconds)),
      claims: keptJwtClaims(claims),
      ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      tags: [],
      transitiveTagKeys: [],
      ancestors: [],
      ...passed.draft,
    },
    input.MinimumSessionTokenSize,
  )
  return {
    credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${user}`,
      Arn: assumedRoleArn(role.account, role.roleName, user),
    },
    ...tokenFigures(credentials),
    ...passed.answer,
  }
}
