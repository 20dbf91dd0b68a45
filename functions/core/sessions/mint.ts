import type { KeyRing } from '../credentials/key-ring.ts'
import { newAccessKeyId, newSecretAccessKey } from '../credentials/random-names.ts'
import { sealSecret } from '../credentials/sealed-secret.ts'
import { sealSessionToken } from '../credentials/session-token.ts'
import { type Session, sessionItem } from '../store/entities/session.ts'
import type { Store } from '../store/port.ts'

export interface MintDeps {
  readonly store: Store
  readonly sessionRing: KeyRing
}

/** A session that was granted; what is missing is made at the mint. */
export type SessionDraft = Omit<Session, 'accessKeyId' | 'sealedSecret'>

/** AWS's `Credentials`. */
export interface MintedCredentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: Date
}

/**
 * Makes the credentials of a granted session and puts its record: one write. They are handed out only when the record is
 * there, because the record is what will be asked.
 */
export async function mintSession(
  { store, sessionRing }: MintDeps,
  draft: SessionDraft,
  minimumTokenSize = 0,
): Promise<MintedCredentials> {
  const accessKeyId = newAccessKeyId('ASIA')
  const secret = newSecretAccessKey()
  const sealedSecret = await sealSecret(sessionRing, 'session-secret', accessKeyId, secret)
  const session: Session = { ...draft, accessKeyId, sealedSecret }
  const token = await sealSessionToken(sessionRing, session, minimumTokenSize)
  await store.put(sessionItem(session), { condition: { exists: false }, durability: 'session' })
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: new Date(session.expiresAt * 1000),
  }
}
