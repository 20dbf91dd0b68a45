import { sessionKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

interface SessionCommon {
  readonly accessKeyId: string
  readonly account: string
  /** The secret, sealed by the session ring for this access key id. */
  readonly sealedSecret: string
  /** Milliseconds since the epoch, taken before the first read of the mint. */
  readonly issuedAt: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** The inline session policy's text. */
  readonly sessionPolicy?: string
  readonly sessionPolicyArns: readonly string[]
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** Name (URL without scheme) of the OpenID provider that the session began with, and what is kept of its claims. */
  readonly provider?: string
  readonly claims: Readonly<Record<string, readonly string[]>>
  /** Access key ids of the sessions it descends from: revoking any of them ends it. */
  readonly ancestors: readonly string[]
  /** When it was revoked (ms). The mark outlives the session, because its descendants may. */
  readonly revokedAt?: number
}

/** A session of a role (AssumeRole…). */
export interface RoleSession extends SessionCommon {
  readonly kind: 'role'
  readonly roleName: string
  readonly roleId: string
  readonly roleSessionName: string
}

export type Session = RoleSession

export function sessionItem(session: Session): Item {
  const { tags, claims, ...attributes } = session
  const keptClaims = Object.entries(claims).map(([key, values]) => ({ key, values }))
  return {
    ...sessionKey(session.accessKeyId),
    expiresAt: session.expiresAt,
    ...present({ ...attributes, tags: storedTags(tags), claims: storedTags(keptClaims) }),
  }
}

export function parseSession(item: Item): Session {
  const fields = new Fields(item)
  const sessionPolicy = fields.optionalText('sessionPolicy')
  const sourceIdentity = fields.optionalText('sourceIdentity')
  const provider = fields.optionalText('provider')
  const revokedAt = fields.optionalNumber('revokedAt')
  return {
    kind: 'role',
    accessKeyId: fields.text('accessKeyId'),
    account: fields.text('account'),
    sealedSecret: fields.text('sealedSecret'),
    issuedAt: fields.number('issuedAt'),
    expiresAt: fields.number('expiresAt'),
    roleName: fields.text('roleName'),
    roleId: fields.text('roleId'),
    roleSessionName: fields.text('roleSessionName'),
    sessionPolicyArns: fields.texts('sessionPolicyArns'),
    tags: fields.tags('tags'),
    transitiveTagKeys: fields.texts('transitiveTagKeys'),
    claims: Object.fromEntries(fields.tags('claims').map(({ key, values }) => [key, values])),
    ancestors: fields.texts('ancestors'),
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(provider === undefined ? {} : { provider }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  }
}
