import type { SessionDraft } from '../sessions/mint.ts'
import { type Session, sourceName } from '../store/entities/session.ts'
import type { MintParty } from './mint-quota.ts'

/** Whose quota a session is counted to: that of the identity, or of whoever signed for it. */
export function mintParty(session: SessionDraft): MintParty {
  const { account } = session
  if (session.kind === 'identity') {
    return { account, issuer: sourceName(session), principal: `${sourceName(session)}/${session.subject}` }
  }
  const issuer = session.provider ?? (session.kind === 'role' ? session.identitySource : undefined)
  if (issuer !== undefined) return { account, issuer, principal: `${issuer}/${subjectOf(session.claims)}` }
  const [maker] = session.lineage ?? []
  if (maker) return { account, principal: `${maker.kind} ${maker.account} ${maker.name}` }
  const name = session.kind === 'user' || session.kind === 'federated-user' ? session.userName : undefined
  return { account, principal: name === undefined ? 'root' : `user ${account} ${name}` }
}

/** The claim that names the subject, whatever its provider calls it; a holder without one shares the provider's. */
function subjectOf(claims: Session['claims']): string {
  const name = Object.keys(claims).find((key) => /(?:^|:)(?:sub|user|cn)$/.test(key))
  return (name === undefined ? undefined : claims[name]?.[0]) ?? ''
}
