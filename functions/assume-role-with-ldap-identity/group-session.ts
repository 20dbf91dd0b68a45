import { StsError } from '@daypass/core/errors.ts'
import { directoryClaims } from '@daypass/core/identity/ldap/claims.ts'
import { directoryNames } from '@daypass/core/identity/ldap/group-names.ts'
import type { DirectoryUser } from '@daypass/core/identity/ldap/question.ts'
import { findNamedRights, type NamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import { tokenFigures } from '@daypass/core/sessions/mint.ts'
import type { LdapIdentityDeps, LdapRequest } from './action.ts'
import { notAuthorized } from './refusals.ts'
import type { GrantedSession } from './role-session.ts'

/** The IAM groups that the user and its groups mean and that exist. Throws AccessDenied, in the words of every refusal. */
export async function findRights({ account, rows }: LdapRequest, user: DirectoryUser): Promise<NamedRights> {
  try {
    // Directories compare names without regard to case.
    return await findNamedRights(rows, account, directoryNames(user.dn, user.groups), { anyCase: true })
  } catch (error) {
    if (error instanceof StsError && error.code === 'AccessDenied') throw notAuthorized(error.detail.reason ?? '')
    throw error
  }
}

/** A session without a role, of the rights of those groups. */
export async function grantGroupSession(
  deps: LdapIdentityDeps,
  { input, account, source, exchange, rows }: LdapRequest,
  user: DirectoryUser,
  rights: NamedRights,
): Promise<GrantedSession> {
  const { credentials, arn, userId, answer } = await mintIdentitySession(
    deps,
    { account, sourceKind: 'ldap', source, subject: user.dn, claims: directoryClaims(user), ...rights },
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
