import type { DirectoryClaims } from '@daypass/core/identity/ldap/claims.ts'
import type { NamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import type { LdapIdentityDeps, LdapRequest } from './action.ts'

/** A session without a role, of the rights of the IAM groups that the user and its groups mean. */
export function grantGroupSession(
  deps: LdapIdentityDeps,
  { input, account, source, exchange, rows }: LdapRequest,
  dn: string,
  claims: DirectoryClaims,
  rights: NamedRights,
): Promise<GrantedSession> {
  return mintIdentitySession(
    deps,
    { account, sourceKind: 'ldap', source, subject: dn, claims, ...rights },
    input,
    { startedAt: exchange.startedAt, defaultSeconds: deps.stsDurationSeconds },
    rows,
  )
}
