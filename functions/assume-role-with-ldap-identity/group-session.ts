import type { DirectoryClaims } from '@daypass/core/identity/ldap/claims.ts'
import type { NamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import { tokenFigures } from '@daypass/core/sessions/mint.ts'
import type { LdapIdentityDeps, LdapRequest } from './action.ts'
import type { GrantedSession } from './role-session.ts'

/** A session without a role, of the rights of the IAM groups that the user and its groups mean. */
export async function grantGroupSession(
  deps: LdapIdentityDeps,
  { input, account, source, exchange, rows }: LdapRequest,
  dn: string,
  claims: DirectoryClaims,
  rights: NamedRights,
): Promise<GrantedSession> {
  const { credentials, arn, userId, answer } = await mintIdentitySession(
    deps,
    { account, sourceKind: 'ldap', source, subject: dn, claims, ...rights },
    input,
    { startedAt: exchange.startedAt, defaultSeconds: deps.stsDurationSeconds },
    rows,
  )
  return {
    credentials,
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...tokenFigures(credentials),
    ...answer,
  }
}
