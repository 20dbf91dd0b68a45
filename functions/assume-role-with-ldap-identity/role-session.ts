import { decideFederatedTrust } from '@daypass/core/authorization/federated-trust.ts'
import type { DirectoryClaims } from '@daypass/core/identity/ldap/claims.ts'
import { mapContext } from '@daypass/core/policy/context.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import { mintRoleSession } from '@daypass/core/sessions/role-session.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'
import { sourceName } from '@daypass/core/store/entities/session.ts'
import type { LdapIdentityDeps, LdapRequest } from './action.ts'
import { notAuthorized } from './refusals.ts'

type AskedRole = NonNullable<LdapRequest['role']>

/** The role, if its trust policy lets this user of the directory take it. Throws AccessDenied, in the words of every refusal. */
export function decideRole(
  { account, providerArn, exchange, rows }: LdapRequest,
  { sessionName, ...named }: AskedRole,
  claims: DirectoryClaims,
): Role {
  const role = findRole(named, rows)
  if (!role) throw notAuthorized('there is no such role')
  // A directory is configured for one account, and only there its name says something.
  if (named.account !== account) throw notAuthorized('the role is in another account than the directory')
  const decision = decideFederatedTrust({
    action: 'AssumeRoleWithLDAPIdentity',
    role,
    providerArn,
    identityKeys: mapContext(new Map(Object.entries(claims).map(([name, values]) => [`ldap:${name}`, values]))),
    roleSessionName: sessionName,
    exchange,
    tags: [],
    transitiveTagKeys: [],
  })
  if (decision.outcome !== 'allow') throw notAuthorized(decision.outcome)
  return role
}

/** A session of that role; what the directory says of the user stays usable in the role's policies. */
export function takeRole(
  deps: LdapIdentityDeps,
  { input, source, exchange, rows }: LdapRequest,
  role: Role,
  roleSessionName: string,
  claims: DirectoryClaims,
): Promise<GrantedSession> {
  const kept = { identitySource: sourceName({ sourceKind: 'ldap', source }), claims }
  const grant = { role, roleSessionName, startedAt: exchange.startedAt, kept }
  return mintRoleSession(deps, grant, input, rows)
}
