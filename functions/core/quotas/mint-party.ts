import type { SessionDraft } from '../sessions/mint.ts'
import { subjectOf } from '../sessions/subject.ts'
import { type Link, sourceName } from '../store/entities/session.ts'
import type { MintParty } from './mint-quota.ts'

/**
 * Whose quota a session is counted to: that of the identity, or of whoever signed for it. A session that was made with
 * another one is counted to the holder that began the chain: whoever shares a role with others spends nothing of theirs, and
 * nobody gets a quota more by each role in between. Holders of a provider's whose subject is not known share one.
 */
export function mintParty(session: SessionDraft): MintParty {
  const began = session.lineage?.at(-1)
  if (began) return partyOf(began)
  const { account } = session
  if (session.kind === 'identity') return proven(account, sourceName(session), session.subject)
  const issuer = session.provider ?? (session.kind === 'role' ? session.identitySource : undefined)
  if (issuer !== undefined) return proven(account, issuer, subjectOf(session.claims))
  const name = session.kind === 'user' || session.kind === 'federated-user' ? session.userName : undefined
  return { account, principal: name === undefined ? 'root' : `user ${account} ${name}` }
}

function partyOf({ kind, account, name, provider, identitySource, subject = '' }: Link): MintParty {
  const issuer = provider ?? identitySource ?? (kind === 'identity' ? name : undefined)
  if (issuer !== undefined) return proven(account, issuer, subject)
  return { account, principal: kind === 'root' ? 'root' : `${kind} ${account} ${name}` }
}

const proven = (account: string, issuer: string, subject: string): MintParty => ({
  account,
  issuer,
  principal: `${issuer}/${subject}`,
})
