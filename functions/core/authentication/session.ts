import { assumedRoleArn } from '../arn.ts'
import { openSecret } from '../credentials/sealed-secret.ts'
import { openSessionToken, type SessionTokenContent } from '../credentials/session-token.ts'
import { parseAccount } from '../store/entities/account.ts'
import { parseOidcProvider } from '../store/entities/oidc-provider.ts'
import { parseRole, type Role } from '../store/entities/role.ts'
import { parseSession, type Session } from '../store/entities/session.ts'
import { accountKey, oidcProviderKey, roleKey, sessionKey } from '../store/keys.ts'
import type { Item } from '../store/port.ts'
import type { Caller } from './caller.ts'
import type { ClaimedCredentials, CredentialDeps } from './credentials.ts'
import { readCallerPolicies } from './grants.ts'
import { once } from './once.ts'
import { CredentialRefusal } from './refusal.ts'
import { sessionContextKeys } from './session-context.ts'

/**
 * Finds a session in one round trip: the token, proven by its seal, says which rows to read; the rows decide. A forged or
 * damaged token is refused without a read. Throws CredentialRefusal.
 */
export async function findSession(
  deps: CredentialDeps,
  claimedAccessKeyId: string,
  unverifiedToken: string,
): Promise<ClaimedCredentials> {
  const token = await openSessionToken(deps.sessionRing, unverifiedToken)
  if (!token) throw new CredentialRefusal('invalid-token', 'the session token is forged, damaged or of a retired key')
  if (token.accessKeyId !== claimedAccessKeyId) {
    throw new CredentialRefusal('invalid-token', 'the session token belongs to another access key')
  }
  const now = deps.clock.now()
  refuseExpired(token.expiresAt, now)
  const rows = await readRows(deps, token)
  const session = liveSession(rows.session, token, now)
  const role = liveRole(rows.role, session)
  refuseRevoked(session, role, rows)
  const secretAccessKey = await openSecret(
    deps.sessionRing,
    'session-secret',
    session.accessKeyId,
    session.sealedSecret,
  )
  if (secretAccessKey === undefined)
    throw new CredentialRefusal('invalid-token', 'no ring key opens the session secret')
  return { secretAccessKey, claimedCaller: roleSessionCaller(deps, session, role) }
}

interface SessionRows {
  readonly session: Item | undefined
  readonly role: Item | undefined
  readonly account: Item | undefined
  readonly provider: Item | undefined
  readonly ancestors: readonly (Item | undefined)[]
}

async function readRows({ store }: CredentialDeps, token: SessionTokenContent): Promise<SessionRows> {
  const { accessKeyId, account, roleName, provider, ancestors } = token
  const keys = {
    session: sessionKey(accessKeyId),
    account: accountKey(account),
    ...(roleName === undefined ? {} : { role: roleKey(account, roleName) }),
    ...(provider === undefined ? {} : { provider: oidcProviderKey(account, provider) }),
  }
  const items = await store.getMany([...Object.values(keys), ...ancestors.map(sessionKey)])
  const names = Object.keys(keys)
  const row = (name: string) => (names.includes(name) ? items[names.indexOf(name)] : undefined)
  return {
    session: row('session'),
    role: row('role'),
    account: row('account'),
    provider: row('provider'),
    ancestors: items.slice(names.length),
  }
}

function liveSession(item: Item | undefined, token: SessionTokenContent, now: number): Session {
  if (!item) throw new CredentialRefusal('revoked-session', 'the session has no record')
  const session = parseSession(item)
  refuseExpired(session.expiresAt, now)
  const agrees =
    session.accessKeyId === token.accessKeyId &&
    session.account === token.account &&
    session.roleName === token.roleName &&
    session.provider === token.provider &&
    session.ancestors.join() === token.ancestors.join()
  if (session.revokedAt !== undefined) throw new CredentialRefusal('revoked-session', 'the session was revoked')
  if (!agrees) throw new CredentialRefusal('invalid-token', 'token and record disagree')
  return session
}

/** A role that was deleted, or made anew under the same name, takes its sessions with it. */
function liveRole(item: Item | undefined, session: Session): Role {
  const role = item && parseRole(item)
  if (role?.roleId !== session.roleId) throw new CredentialRefusal('revoked-session', 'the role of the session is gone')
  return role
}

function refuseRevoked(session: Session, role: Role, rows: SessionRows): void {
  const account = rows.account && parseAccount(rows.account)
  const provider = rows.provider && parseOidcProvider(rows.provider)
  if (!account) throw new CredentialRefusal('revoked-session', 'the account of the session is gone')
  // The provider's mark goes with its row, so a provider that is gone or was registered anew ends its sessions.
  if (session.provider !== undefined && !(provider && provider.createdAt * 1000 <= session.issuedAt)) {
    throw new CredentialRefusal('revoked-session', 'the identity provider of the session is gone')
  }
  for (const mark of [role.revokedBefore, account.revokedBefore, provider?.revokedBefore]) {
    if (mark !== undefined && session.issuedAt <= mark) {
      throw new CredentialRefusal('revoked-session', 'sessions of this time were revoked')
    }
  }
  // An ancestor that has ended may have left the table already: only a mark revokes its descendants.
  if (rows.ancestors.some((item) => item && parseSession(item).revokedAt !== undefined)) {
    throw new CredentialRefusal('revoked-session', 'a session that this one descends from was revoked')
  }
}

function refuseExpired(expiresAt: number, now: number): void {
  if (now >= expiresAt * 1000) throw new CredentialRefusal('expired-session', 'the session is over')
}

function roleSessionCaller(deps: CredentialDeps, session: Session, role: Role): Caller {
  const { account, accessKeyId, issuedAt, expiresAt } = session
  const arn = assumedRoleArn(account, role.roleName, session.roleSessionName)
  const userId = `${role.roleId}:${session.roleSessionName}`
  const limited = session.sessionPolicy !== undefined || session.sessionPolicyArns.length > 0
  const grants = {
    ...role,
    owner: `role/${role.roleName}`,
    groups: [],
    ...(limited
      ? {
          session: {
            policyArns: session.sessionPolicyArns,
            ...(session.sessionPolicy === undefined ? {} : { policy: session.sessionPolicy }),
          },
        }
      : {}),
  }
  return {
    account,
    arn,
    userId,
    accessKeyId,
    principal: { type: 'AWS', account, arn, roleArn: role.arn, userId, root: false },
    session: { kind: 'role', issuedAt, expiresAt },
    contextKeys: sessionContextKeys(session, role, userId),
    policies: once(() => readCallerPolicies(deps.store, grants)),
  }
}
