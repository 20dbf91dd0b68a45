import { subjectOf } from '../sessions/subject.ts'
import { type Account, parseAccount } from '../store/entities/account.ts'
import { parseRole } from '../store/entities/role.ts'
import { type Link, parseRevocation, type Session, sourceName } from '../store/entities/session.ts'
import { parseProviderStanding, sessionProvider } from '../store/entities/session-provider.ts'
import { parseUser } from '../store/entities/user.ts'
import { accountKey, roleKey, sessionKey, userKey } from '../store/keys.ts'
import { parsedOnce } from '../store/parsed-once.ts'
import type { Key } from '../store/port.ts'
import { CredentialRefusal } from './refusal.ts'
import type { Rows } from './rows.ts'

/** All that a session rests on: whose it is, and what it descends from. */
export const linksOf = parsedOnce((session: Session): readonly Link[] => [
  holderOf(session),
  ...(session.lineage ?? []),
])

function holderOf(session: Session): Link {
  const { account, issuedAt, provider } = session
  const common = { account, issuedAt, ...(provider === undefined ? {} : { provider }) }
  if (session.kind === 'role') {
    const { roleName: name, roleId: id, identitySource } = session
    const isProven = provider !== undefined || identitySource !== undefined
    const subject = isProven ? subjectOf(session.claims) : ''
    return {
      ...common,
      kind: 'role',
      name,
      id,
      ...(identitySource === undefined ? {} : { identitySource }),
      ...(subject === '' ? {} : { subject }),
    }
  }
  if (session.kind === 'identity') {
    return { ...common, kind: 'identity', name: sourceName(session), id: '', subject: session.subject }
  }
  if (session.kind === 'root' || session.userName === undefined || session.userId === undefined) {
    return { ...common, kind: 'root', name: '', id: '' }
  }
  return { ...common, kind: 'user', name: session.userName, id: session.userId }
}

/** The rows that tell whether a session still stands. */
export const standingKeys = parsedOnce((session: Session): readonly Key[] => [
  ...linksOf(session).flatMap(linkKeys),
  ...session.ancestors.map(sessionKey),
])

function linkKeys({ kind, account, name, provider }: Link): readonly Key[] {
  return [
    accountKey(account),
    ...(kind === 'user' ? [userKey(account, name)] : []),
    ...(kind === 'role' ? [roleKey(account, name)] : []),
    ...(provider === undefined ? [] : [sessionProvider(account, provider).key]),
  ]
}

/**
 * Refuses a session that has lost what it rests on: a user, role, provider or account that is gone, was made anew, or whose
 * sessions of that time were revoked, of the session itself or of one that it descends from. Throws CredentialRefusal.
 */
export function refuseFallen(session: Session, rows: Rows): void {
  const links = linksOf(session)
  for (const link of links) refuseFallenLink(link, rows)
  for (const id of session.ancestors) {
    // An ancestor that has ended may have left the table already: only a mark revokes its descendants.
    const item = rows.get(sessionKey(id))
    const revokedBy = item ? parseRevocation(item).revokedBy : []
    // The mark of an account that the chain has nothing to do with is none.
    if (revokedBy.some((revoker) => links.some(({ account }) => account === revoker))) {
      throw revoked('a session that this one descends from was revoked')
    }
  }
}

function refuseFallenLink(link: Link, rows: Rows): void {
  const marks = [
    revokedBeforeOfAccount(link, rows),
    revokedBeforeOfHolder(link, rows),
    revokedBeforeOfProvider(link, rows),
    revokedBeforeOfSource(link, rows),
  ]
  if (marks.some((mark) => mark !== undefined && link.issuedAt <= mark)) {
    throw revoked('sessions of this time were revoked')
  }
}

function revokedBeforeOfAccount(link: Link, rows: Rows): number | undefined {
  return accountOf(link, rows).revokedBefore
}

function accountOf({ account }: Link, rows: Rows): Account {
  const item = rows.get(accountKey(account))
  if (!item) throw revoked('the account of the session is gone')
  return parseAccount(item)
}

/**
 * A user or role that was deleted, or made anew under the same name, takes its sessions with it. A configured source has its
 * mark on the account.
 */
function revokedBeforeOfHolder(link: Link, rows: Rows): number | undefined {
  const { kind, account, name, id } = link
  if (kind === 'root') return undefined
  if (kind === 'identity') return accountOf(link, rows).revokedSources?.[name]
  const item = rows.get(kind === 'user' ? userKey(account, name) : roleKey(account, name))
  if (kind === 'user') {
    const user = item && parseUser(item)
    if (user?.userId !== id) throw revoked('the user of the session is gone')
    return user.revokedBefore
  }
  const role = item && parseRole(item)
  if (role?.roleId !== id) throw revoked('the role of the session is gone')
  return role.revokedBefore
}

/** The source that proved who took the role: like that of a session without a role, its mark lies on the account. */
function revokedBeforeOfSource(link: Link, rows: Rows): number | undefined {
  if (link.identitySource === undefined) return undefined
  return accountOf(link, rows).revokedSources?.[link.identitySource]
}

/** The provider's mark goes with its row, so a provider that is gone or was registered anew ends its sessions. */
function revokedBeforeOfProvider({ account, provider: name, issuedAt }: Link, rows: Rows): number | undefined {
  if (name === undefined) return undefined
  const item = rows.get(sessionProvider(account, name).key)
  const provider = item && parseProviderStanding(item)
  if (!provider || provider.createdAt * 1000 > issuedAt) {
    throw revoked('the identity provider of the session is gone')
  }
  return provider.revokedBefore
}

const revoked = (detail: string) => new CredentialRefusal('revoked-session', detail)
