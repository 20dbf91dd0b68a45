import { openSecret } from '../credentials/sealed-secret.ts'
import { openSessionToken, type SessionTokenContent } from '../credentials/session-token.ts'
import { parseRole } from '../store/entities/role.ts'
import { parseRevocation, parseSession, type Session } from '../store/entities/session.ts'
import { sessionProvider } from '../store/entities/session-provider.ts'
import { accountKey, groupKey, roleKey, sessionKey, userKey } from '../store/keys.ts'
import { parsedOnce } from '../store/parsed-once.ts'
import type { Key } from '../store/port.ts'
import type { ClaimedCredentials, CredentialDeps } from './credentials.ts'
import { managedPolicyKeys } from './policy-texts.ts'
import { CredentialRefusal } from './refusal.ts'
import { Rows } from './rows.ts'
import { sessionCaller } from './session-caller.ts'
import { refuseFallen, standingKeys } from './standing.ts'

/**
 * Finds a session: the token, proven by its seal, says which rows to read, and the rows decide. One round trip; a second
 * one for what the token did not name, which is so for a chained session, and brings the role's policies with it. A forged
 * or damaged token is refused without a read. Throws CredentialRefusal.
 */
export async function findSession(
  deps: CredentialDeps,
  claimedAccessKeyId: string,
  unverifiedToken: string,
  alongside: readonly Key[] = [],
): Promise<ClaimedCredentials> {
  const token = await openSessionToken(deps.sessionRing, unverifiedToken)
  if (!token) throw new CredentialRefusal('invalid-token', 'the session token is forged, damaged or of a retired key')
  if (token.accessKeyId !== claimedAccessKeyId) {
    throw new CredentialRefusal('invalid-token', 'the session token belongs to another access key')
  }
  const now = deps.clock.now()
  refuseExpired(token.expiresAt, now)
  const rows = new Rows(deps.store)
  await rows.load([...namedKeys(token), ...alongside])
  const session = liveSession(rows, token, now)
  const standing = standingKeys(session)
  if (!standing.every((key) => rows.has(key))) await loadRest(rows, session, standing)
  refuseFallen(session, rows)
  const secretAccessKey = await openSecret(
    deps.sessionRing,
    'session-secret',
    session.accessKeyId,
    session.sealedSecret,
  )
  if (secretAccessKey === undefined)
    throw new CredentialRefusal('invalid-token', 'no ring key opens the session secret')
  return { secretAccessKey, claimedCaller: sessionCaller(session, rows, now), rows }
}

/** Of a token that was seen before they are known. */
const namedKeys = parsedOnce((token: SessionTokenContent): readonly Key[] => {
  const { accessKeyId, account, roleName, userName, provider, ancestors, groups = [], assumedBy } = token
  return [
    sessionKey(accessKeyId),
    accountKey(account),
    ...(roleName === undefined ? [] : [roleKey(account, roleName)]),
    ...(userName === undefined ? [] : [userKey(account, userName)]),
    ...(provider === undefined ? [] : [sessionProvider(account, provider).key]),
    ...ancestors.map(sessionKey),
    ...groups.map((name) => groupKey(account, name)),
    ...(assumedBy ? [accountKey(assumedBy.account), userKey(assumedBy.account, assumedBy.userName)] : []),
  ]
})

function liveSession(rows: Rows, token: SessionTokenContent, now: number): Session {
  const item = rows.get(sessionKey(token.accessKeyId))
  if (!item) throw new CredentialRefusal('revoked-session', 'the session has no record')
  if (parseRevocation(item).revokedBy.length > 0) {
    throw new CredentialRefusal('revoked-session', 'the session was revoked')
  }
  const session = parseSession(item)
  refuseExpired(session.expiresAt, now)
  if (session.accessKeyId !== token.accessKeyId || session.account !== token.account) {
    throw new CredentialRefusal('invalid-token', 'token and record disagree')
  }
  return session
}

/** What the record names and the token did not. While a trip is made anyway, the role's policies come with it. */
async function loadRest(rows: Rows, session: Session, standing: readonly Key[]): Promise<void> {
  const own = session.kind === 'role' ? roleKey(session.account, session.roleName) : undefined
  const item = own && rows.has(own) ? rows.get(own) : undefined
  const role = item && parseRole(item)
  const arns = [
    ...(role?.attachedPolicies ?? []),
    ...(role?.boundary ? [role.boundary] : []),
    ...session.sessionPolicyArns,
  ]
  await rows.load([...standing, ...managedPolicyKeys(arns)])
}

function refuseExpired(expiresAt: number, now: number): void {
  if (now >= expiresAt * 1000) throw new CredentialRefusal('expired-session', 'the session is over')
}
