import type { Caller } from '../authentication/caller.ts'
import { StsError } from '../errors.ts'
import type { Session } from '../store/entities/session.ts'

const MOST_ANCESTORS = 8

/**
 * What a new session inherits of its caller: whom it descends from, so that revoking any of them ends it. Throws
 * ValidationError when the chain is too long.
 */
export function lineageFrom(caller: Caller, startedAt: number): Pick<Session, 'ancestors' | 'lineage'> {
  const { session, user, account } = caller
  if (session) {
    const ancestors = [...session.ancestors, caller.accessKeyId]
    if (ancestors.length > MOST_ANCESTORS) {
      throw new StsError('ValidationError', `A chain may have at most ${MOST_ANCESTORS} sessions before the new one.`)
    }
    return { ancestors, lineage: session.links }
  }
  const own = user
    ? { kind: 'user' as const, name: user.userName, id: user.userId }
    : { kind: 'root' as const, name: '', id: '' }
  return { ancestors: [], lineage: [{ ...own, account, issuedAt: startedAt }] }
}

/**
 * The source identity of a new session: once set it stays, in every session of the chain (IAM User Guide, "Monitor and
 * control actions taken with assumed roles"). Throws AccessDenied when the caller asks for another.
 */
export function chainedSourceIdentity(caller: Caller, wanted: string | undefined): string | undefined {
  const inherited = caller.session?.sourceIdentity
  if (inherited !== undefined && wanted !== undefined && wanted !== inherited) {
    throw new StsError('AccessDenied', 'The source identity is already set for this assume role session')
  }
  return inherited ?? wanted
}
