import { hash } from 'node:crypto'
import { identityProviderArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { Rows } from '@daypass/core/authentication/rows.ts'
import type { Clock } from '@daypass/core/deps.ts'
import { StsError } from '@daypass/core/errors.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import { directoryClaims } from '@daypass/core/identity/ldap/claims.ts'
import { directoryNames } from '@daypass/core/identity/ldap/group-names.ts'
import type { CheckDirectory, DirectoryAnswer, DirectoryUser } from '@daypass/core/identity/ldap/question.ts'
import { foldedUserName, preparedUserName } from '@daypass/core/identity/ldap/user-name.ts'
import { beginSignIn, type SignInAttempt } from '@daypass/core/identity/sign-in-lock.ts'
import type { ClaimedNames } from '@daypass/core/identity-sources/claimed-names.ts'
import { areTooMany, findNamedRights, namedRightsKeys } from '@daypass/core/identity-sources/named-rights.ts'
import { DEFAULT_SOURCE } from '@daypass/core/identity-sources/variables.ts'
import {
  type AssumeRoleWithLDAPIdentityRequest,
  type AssumeRoleWithLDAPIdentityResponse,
  assumeRoleWithLDAPIdentityModel,
} from '@daypass/core/model/daypass/assume-role-with-ldap-identity.ts'
import { networkOf } from '@daypass/core/net/network.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import type { MintDeps } from '@daypass/core/sessions/mint.ts'
import { type NamedRole, namedRole } from '@daypass/core/sessions/named-role.ts'
import { sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { sourceName } from '@daypass/core/store/entities/session.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { grantGroupSession } from './group-session.ts'
import { directoryUnavailable, noDirectory, notAuthorized } from './refusals.ts'
import { decideRole, takeRole } from './role-session.ts'

export interface LdapIdentityDeps extends MintDeps {
  readonly clock: Clock
  /** How directories are asked. Absent: none is configured, and nobody is let in. */
  readonly directories?: DirectoryAccess | undefined
  /** How long a session without a role lasts whose caller names no duration. Default: an hour. */
  readonly stsDurationSeconds?: number | undefined
}

export interface DirectoryAccess {
  /** Whose directories they are. */
  readonly account: string
  readonly check: CheckDirectory
  /** Waits, in milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/** Whom a directory may vouch for, and what is asked for it. */
export interface LdapRequest {
  readonly input: AssumeRoleWithLDAPIdentityRequest
  readonly account: string
  /** The directory's name. */
  readonly source: string
  readonly providerArn: string
  /** The role that is asked for, and the name of its session. */
  readonly role?: NamedRole & { readonly sessionName: string }
  readonly exchange: Exchange
  readonly rows: Rows
}

/**
 * AssumeRoleWithLDAPIdentity (MinIO): a directory's user name and password become a session, of a role that trusts the
 * directory, or of the IAM groups that the user and its groups mean. What is asked of the table and of the directory does
 * not depend on whether the user is there, the password right, or the user without rights.
 */
export function assumeRoleWithLDAPIdentity(deps: LdapIdentityDeps): QueryOperation {
  return operation<AssumeRoleWithLDAPIdentityRequest, AssumeRoleWithLDAPIdentityResponse>(
    assumeRoleWithLDAPIdentityModel,
    async (input, exchange) => {
      const userName = preparedUserName(input.LDAPUsername)
      if (!deps.directories) throw noDirectory()
      const { check, pause, account } = deps.directories
      const request = parseRequest(account, input, new Rows(deps.store), exchange)
      const { source, rows, role } = request
      const folded = foldedUserName(input.LDAPUsername)
      if (folded === '') throw new StsError('ValidationError', 'LDAPUsername must name a user')
      const name = {
        account,
        source: sourceName({ sourceKind: 'ldap', source }),
        nameHash: hash('sha256', folded, 'base64url'),
      }
      exchange.audit.source = name.source
      exchange.audit.userNameSha256 = name.nameHash
      if (role) exchange.audit.role = role.roleArn

      const attempt = await beginSignIn({ ...deps, pause }, name, networkOf(exchange.request.sourceIp))
      if (!attempt) throw notAuthorized('too many failures of this name or this network')
      const answer = await ask(check, { source, userName, password: input.LDAPPassword }, attempt)
      const user = answer.outcome === 'proven' ? answer.user : NOBODY
      await rows.load([
        ...(role ? [roleKey(role.account, role.roleName)] : namedRightsKeys(account, readNames(user))),
        ...managedPolicyKeys(sessionPolicyArns(input)),
      ])
      if (answer.outcome === 'proven') exchange.audit.subject = user.dn
      const grant = await settled(attempt, () => {
        if (answer.outcome !== 'proven') throw notAuthorized(answer.reason)
        return decide(deps, request, user)
      })
      const { credentials, answer: granted } = await grant()
      exchange.audit.accessKeyId = credentials.AccessKeyId
      return {
        Credentials: credentials,
        SubjectFromToken: user.dn,
        Provider: request.providerArn,
        ...granted,
      }
    },
  )
}

/** Stands for a user that there is not, so that the same is read of the table. */
const NOBODY: DirectoryUser = { dn: 'cn=nobody', userName: '', attributes: {}, groups: ['cn=nobody'] }

/** Whose groups are looked up: nobody's for a user with more of them than are read, who is refused. */
function readNames(user: DirectoryUser): ClaimedNames {
  const names = directoryNames(user.dn, user.groups)
  return areTooMany(names) ? directoryNames(NOBODY.dn, NOBODY.groups) : names
}

function parseRequest(
  account: string,
  input: AssumeRoleWithLDAPIdentityRequest,
  rows: Rows,
  exchange: Exchange,
): LdapRequest {
  const source = (input.ConfigName ?? DEFAULT_SOURCE).toLowerCase()
  const named = input.RoleArn === undefined ? undefined : namedRole(input.RoleArn)
  const role = named && { ...named, sessionName: sessionNameOf(input) }
  return {
    input,
    account,
    source,
    providerArn: identityProviderArn(account, { sourceKind: 'ldap', source }),
    exchange,
    rows,
    ...(role ? { role } : {}),
  }
}

/** The user's name serves, if it can be one. */
function sessionNameOf({ RoleSessionName, LDAPUsername }: AssumeRoleWithLDAPIdentityRequest): string {
  if (RoleSessionName !== undefined) return RoleSessionName
  const userName = preparedUserName(LDAPUsername)
  if (/^[\w+=,.@-]{2,64}$/.test(userName)) return userName
  throw missingMember('RoleSessionName')
}

/** What says nothing about the password does not count as a failure. */
async function ask(
  check: CheckDirectory,
  question: Parameters<CheckDirectory>[0],
  attempt: SignInAttempt,
): Promise<Extract<DirectoryAnswer, { outcome: 'proven' | 'refused' }>> {
  let answer: DirectoryAnswer | undefined
  try {
    answer = await check(question)
  } finally {
    if (answer?.outcome === 'unknown-source') await attempt.misdirected()
    else if (answer?.outcome !== 'proven' && answer?.outcome !== 'refused') await attempt.withdraw()
  }
  if (answer.outcome === 'unknown-source') throw noDirectory()
  if (answer.outcome === 'unavailable') throw directoryUnavailable(answer.reason)
  return answer
}

/** A right password that gives no right is a failure too: a name of this kind locks like one that nobody has. */
async function settled<T>(attempt: SignInAttempt, decision: () => Promise<T> | T): Promise<T> {
  let decided: T
  try {
    decided = await decision()
  } catch (error) {
    await attempt.fail()
    throw error
  }
  await attempt.succeed()
  return decided
}

/**
 * What the user is worth: the mint of its session, for when the attempt is counted. Throws AccessDenied, in the words of
 * every refusal, also for more groups than a session can keep: whoever guesses would learn that the password is right.
 */
async function decide(
  deps: LdapIdentityDeps,
  request: LdapRequest,
  user: DirectoryUser,
): Promise<() => Promise<GrantedSession>> {
  const { role: asked, account, rows } = request
  try {
    const claims = directoryClaims(user)
    if (asked) {
      const role = decideRole(request, asked, claims)
      return () => takeRole(deps, request, role, asked.sessionName, claims)
    }
    // Directories compare names without regard to case.
    const rights = await findNamedRights(rows, account, directoryNames(user.dn, user.groups), { anyCase: true })
    return () => grantGroupSession(deps, request, user.dn, claims, rights)
  } catch (error) {
    if (error instanceof StsError) throw notAuthorized(error.detail.reason ?? error.message)
    throw error
  }
}
