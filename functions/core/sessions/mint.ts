import type { KeyRing } from '../credentials/key-ring.ts'
import { newAccessKeyId, newSecretAccessKey } from '../credentials/random-names.ts'
import { sealSecretWith } from '../credentials/sealed-secret.ts'
import { MAX_TOKEN_CHARACTERS, type SessionTokenContent, sealSessionToken } from '../credentials/session-token.ts'
import { mintParty } from '../quotas/mint-party.ts'
import type { MintQuota } from '../quotas/mint-quota.ts'
import { type Session, sessionItem } from '../store/entities/session.ts'
import type { Store } from '../store/port.ts'

export interface MintDeps {
  readonly store: Store
  readonly sessionRing: KeyRing
  /** Absent: as many sessions as are asked for. */
  readonly quota?: MintQuota
}

/** A session that was granted; what is missing is made at the mint. */
export type SessionDraft = WithoutSecrets<Session>
type WithoutSecrets<Kind> = Kind extends Session ? Omit<Kind, 'accessKeyId' | 'sealedSecret'> : never

export interface MintOptions {
  /** Groups of the session's user or identity: verifying the session then reads them together with everything else. */
  readonly groups?: readonly string[]
}

/** AWS's `Credentials`. */
export interface MintedCredentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: Date
}

/**
 * Makes the credentials of a granted session and puts its record: one write. They are handed out only when the record is
 * there, because the record is what will be asked. Throws Throttling when the holder's quota is spent.
 */
export async function mintSession(
  { store, sessionRing, quota }: MintDeps,
  draft: SessionDraft,
  minimumTokenSize = 0,
  { groups = [] }: MintOptions = {},
): Promise<MintedCredentials> {
  quota?.spend(mintParty(draft))
  const accessKeyId = newAccessKeyId('ASIA')
  const secret = newSecretAccessKey()
  const key = await sessionRing.sealingKey()
  const sealedSecret = sealSecretWith(key, 'session-secret', accessKeyId, secret)
  const session: Session = { ...draft, accessKeyId, sealedSecret }
  const token = sealSessionToken(key, tokenContent(session, groups), minimumTokenSize)
  await store.put(sessionItem(session), { condition: { exists: false }, durability: 'session' })
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: new Date(session.expiresAt * 1000),
  }
}

function tokenContent(session: Session, groups: readonly string[]): SessionTokenContent {
  const { accessKeyId, account, expiresAt, provider, ancestors, lineage = [] } = session
  const userName = session.kind === 'user' || session.kind === 'federated-user' ? session.userName : undefined
  // A chained session rests on more than a token can name: its record does.
  const [assumedBy] = ancestors.length === 0 ? lineage.filter(({ kind }) => kind === 'user') : []
  return {
    accessKeyId,
    account,
    expiresAt,
    ancestors,
    groups,
    ...(session.kind === 'role' ? { roleName: session.roleName } : {}),
    ...(userName === undefined ? {} : { userName }),
    ...(provider === undefined ? {} : { provider }),
    ...(assumedBy ? { assumedBy: { account: assumedBy.account, userName: assumedBy.name } } : {}),
  }
}

/** AWS's figures of a token that was handed out. */
export function tokenFigures({ SessionToken }: MintedCredentials) {
  return {
    SessionTokenSize: SessionToken.length,
    SessionTokenUtilization: Math.ceil((SessionToken.length * 100) / MAX_TOKEN_CHARACTERS),
  }
}
