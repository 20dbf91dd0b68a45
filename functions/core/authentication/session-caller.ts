import { assumedRoleArn, federatedUserArn } from '../arn.ts'
import { parseRole } from '../store/entities/role.ts'
import {
  type FederatedUserSession,
  type IdentitySession,
  parseSourceName,
  type RoleSession,
  type RootSession,
  type Session,
  type UserSession,
} from '../store/entities/session.ts'
import { parseUser } from '../store/entities/user.ts'
import { roleKey, userKey } from '../store/keys.ts'
import { parsedOnce } from '../store/parsed-once.ts'
import type { Item, Key } from '../store/port.ts'
import type { Caller, SessionFacts } from './caller.ts'
import { type Grants, readCallerPolicies, roleGrants, userGrants } from './grants.ts'
import { identityPrincipal } from './identity-principal.ts'
import { once } from './once.ts'
import { principalTags, rootContextKeys, rootPrincipal, userContextKeys, userPrincipal } from './principals.ts'
import type { Rows } from './rows.ts'
import { identityClaims, sessionContextKeys } from './session-context.ts'
import { linksOf } from './standing.ts'

/** Who holds a session that was found standing, and what limits it. The rows that it rests on are loaded. */
export function sessionCaller(session: Session, rows: Rows, now: number): Caller {
  const { account, arn, userId, principal, user, grants, contextKeys } = holder(session, rows)
  return {
    account,
    arn,
    userId,
    principal,
    ...(user && { user }),
    accessKeyId: session.accessKeyId,
    session: sessionFacts(session),
    contextKeys: once(() => new Map([...contextKeys(), ...sessionContextKeys(session, now)])),
    policies: once(() => readCallerPolicies(rows, grants)),
  }
}

type Holder = Pick<Caller, 'account' | 'arn' | 'userId' | 'principal' | 'user'> & {
  readonly contextKeys: Caller['contextKeys']
  readonly grants: Grants
}

function holder(session: Session, rows: Rows): Holder {
  switch (session.kind) {
    case 'role':
      return roleSession(session, rows)
    case 'user':
      return userSession(session, rows)
    case 'federated-user':
      return federatedUser(session, rows)
    case 'identity':
      return identitySession(session)
    case 'root':
      return rootSession(session)
  }
}

function roleSession(session: RoleSession, rows: Rows): Holder {
  const { account, roleSessionName } = session
  const role = parseRole(loaded(rows, roleKey(account, session.roleName)))
  const arn = assumedRoleArn(account, role.roleName, roleSessionName)
  const userId = `${role.roleId}:${roleSessionName}`
  return {
    account,
    arn,
    userId,
    principal: { type: 'AWS', account, arn, roleArn: role.arn, userId, root: false },
    contextKeys: () =>
      new Map<string, readonly string[]>([
        ['aws:PrincipalArn', [role.arn]],
        ['aws:PrincipalAccount', [account]],
        ['aws:PrincipalType', ['AssumedRole']],
        ['aws:userid', [userId]],
        ...principalTags(role.tags, session.tags),
      ]),
    grants: { ...roleGrants(role), ...limits(session) },
  }
}

function userSession(session: UserSession, rows: Rows): Holder {
  const user = parseUser(loaded(rows, userKey(session.account, session.userName)))
  return {
    ...userPrincipal(user),
    contextKeys: () => userContextKeys(user, session.tags),
    grants: { ...userGrants(user), ...limits(session) },
  }
}

/**
 * The user's rights within the session policies, and none at all when none was passed (IAM User Guide, "Permissions for
 * GetFederationToken"); resource policies may name the federated user itself, or the user within the session policies.
 */
function federatedUser(session: FederatedUserSession, rows: Rows): Holder {
  const { account, federatedName, userName } = session
  const user = userName === undefined ? undefined : parseUser(loaded(rows, userKey(account, userName)))
  const arn = federatedUserArn(account, federatedName)
  const userId = `${account}:${federatedName}`
  return {
    account,
    arn,
    userId,
    principal: {
      type: 'AWS',
      account,
      arn,
      ...(user ? { roleArn: user.arn, roleId: user.userId } : {}),
      userId,
      root: false,
    },
    contextKeys: () =>
      new Map<string, readonly string[]>([
        ['aws:PrincipalArn', [arn]],
        ['aws:PrincipalAccount', [account]],
        ['aws:PrincipalType', ['FederatedUser']],
        ['aws:userid', [userId]],
        ...principalTags(user?.tags ?? [], session.tags),
      ]),
    grants: { ...(user ? userGrants(user) : rootGrants(account)), ...policiesOf(session) },
  }
}

/** The rights that the identity's policies and groups give now, within the session policies. */
function identitySession(session: IdentitySession): Holder {
  const { account, policyArns, groups } = session
  const { arn, userId } = identityPrincipal(session)
  return {
    account,
    arn,
    userId,
    principal: { type: 'AWS', account, arn, userId, root: false },
    contextKeys: () =>
      new Map<string, readonly string[]>([
        ['aws:PrincipalArn', [arn]],
        ['aws:PrincipalAccount', [account]],
        ['aws:PrincipalType', ['FederatedUser']],
        ['aws:userid', [userId]],
      ]),
    grants: {
      account,
      owner: 'identity',
      inlinePolicies: {},
      attachedPolicies: policyArns,
      groups,
      ...limits(session),
    },
  }
}

function rootSession(session: RootSession): Holder {
  const { account } = session
  return {
    ...rootPrincipal(account),
    contextKeys: () => new Map([...rootContextKeys(account), ...principalTags([], session.tags)]),
    grants: { ...rootGrants(account), ...limits(session) },
  }
}

/** Root has every right without any policy; what it hands on must be spelt out. */
const rootGrants = (account: string): Grants => ({
  account,
  owner: 'root',
  inlinePolicies: { rights: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' },
  attachedPolicies: [],
  groups: [],
})

/** Session policies limit a session when any was passed. */
const limits = (session: Session): Pick<Grants, 'session'> =>
  session.sessionPolicy === undefined && session.sessionPolicyArns.length === 0 ? {} : policiesOf(session)

const policiesOf = ({ sessionPolicy, sessionPolicyArns }: Session): Required<Pick<Grants, 'session'>> => ({
  session: { policyArns: sessionPolicyArns, ...(sessionPolicy === undefined ? {} : { policy: sessionPolicy }) },
})

const sessionFacts = parsedOnce((session: Session): SessionFacts => {
  const { kind, issuedAt, expiresAt, mfaAuthenticatedAt, sourceIdentity, claimsDocument, ancestors } = session
  const transitive = new Set(session.transitiveTagKeys.map((key) => key.toLowerCase()))
  return {
    kind,
    issuedAt,
    expiresAt,
    claims: claimsOf(session),
    ...(session.kind === 'identity' ? { groups: session.groups } : {}),
    ...(claimsDocument === undefined ? {} : { claimsDocument }),
    ancestors,
    links: linksOf(session),
    transitiveTags: session.tags.filter(({ key }) => transitive.has(key.toLowerCase())),
    ...('madeBy' in session ? { madeBy: session.madeBy } : {}),
    ...(mfaAuthenticatedAt === undefined ? {} : { mfaAuthenticatedAt }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  }
})

function claimsOf(session: Session): Session['claims'] {
  if (session.kind === 'identity') return identityClaims(session)
  const { claims } = session
  if (session.kind !== 'role' || session.identitySource === undefined) return claims
  return identityClaims({ ...parseSourceName(session.identitySource), claims })
}

function loaded(rows: Rows, key: Key): Item {
  const item = rows.get(key)
  if (!item) throw new TypeError('a session was found standing without its holder')
  return item
}
