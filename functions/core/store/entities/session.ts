import { sessionKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item, Value } from '../port.ts'
import { DamagedRecord, Fields, storedTags, type Tag } from './fields.ts'

/**
 * Something that a session's rights rest on: the user, role or account whose session it is or descends from. When one is
 * gone, made anew or revoked, so is the session.
 */
export interface Link {
  readonly kind: 'user' | 'role' | 'root' | 'identity'
  readonly account: string
  /** The user's or role's name; empty for root; of an identity without a role the name of its source (`sourceName`). */
  readonly name: string
  /** `AIDA…` or `AROA…`, so that a namesake made later does not count; empty for root and identities. */
  readonly id: string
  /** When the link's own session began (ms); with a long-term key: when it was used. */
  readonly issuedAt: number
  /** Name of the registered provider that the link's session began with (`sessionProvider`). */
  readonly provider?: string
  /** The configured source (`sourceName`) that proved who took the role. */
  readonly identitySource?: string
  /** Whom the provider or the source proved (`subjectOf`), for quotas. */
  readonly subject?: string
}

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
  /** Name of the registered provider that the session began with (`sessionProvider`), and what is kept of its claims. */
  readonly provider?: string
  readonly claims: Readonly<Record<string, readonly string[]>>
  /** All claims in JSON, kept when a decision webhook wants them. */
  readonly claimsDocument?: string
  /** Access key ids of the sessions it descends from: revoking any of them ends it. */
  readonly ancestors: readonly string[]
  /** Whose sessions or keys it was made with, besides its own holder. Absent: none. */
  readonly lineage?: readonly Link[]
  /** When its holder showed a second factor (seconds). */
  readonly mfaAuthenticatedAt?: number
  /** When it was revoked (ms). The mark outlives the session, because its descendants may. */
  readonly revokedAt?: number
}

/** A session of a role (AssumeRole…). */
export interface RoleSession extends SessionCommon {
  readonly kind: 'role'
  readonly roleName: string
  readonly roleId: string
  readonly roleSessionName: string
  /** The configured source (`sourceName`) that proved who took the role; its claims are named as the source's kind has it. */
  readonly identitySource?: string
}

/** A session of a user's own rights: from GetSessionToken, or from AssumeRole without a role. */
export interface UserSession extends SessionCommon {
  readonly kind: 'user'
  readonly userName: string
  readonly userId: string
  readonly madeBy: 'GetSessionToken' | 'AssumeRole'
}

/** A session that a user, or root, made for somebody whom it knows by name (GetFederationToken). */
export interface FederatedUserSession extends SessionCommon {
  readonly kind: 'federated-user'
  readonly federatedName: string
  /** Absent: made by root. */
  readonly userName?: string
  readonly userId?: string
}

/** A session of an account's root. */
export interface RootSession extends SessionCommon {
  readonly kind: 'root'
  readonly madeBy: 'GetSessionToken' | 'AssumeRole' | 'AssumeRoot'
}

/** How a configured source proves an identity. */
const SOURCE_KINDS = ['oidc', 'ldap', 'certificate', 'token'] as const

/** A session of an identity that took no role: its rights are the policies and groups that were found for it. */
export interface IdentitySession extends SessionCommon {
  readonly kind: 'identity'
  readonly sourceKind: (typeof SOURCE_KINDS)[number]
  /** Name of the configured source. */
  readonly source: string
  readonly subject: string
  /** Managed policies by ARN; what they say is read with each request. */
  readonly policyArns: readonly string[]
  /** IAM groups by name. */
  readonly groups: readonly string[]
}

/** The name under which the sessions of a configured source are revoked. */
export const sourceName = ({ sourceKind, source }: Pick<IdentitySession, 'sourceKind' | 'source'>): string =>
  `${sourceKind}/${source}`

/** The parts of a `sourceName`. Throws TypeError for a text that is none. */
export function parseSourceName(name: string): Pick<IdentitySession, 'sourceKind' | 'source'> {
  const sourceKind = SOURCE_KINDS.find((kind) => name.startsWith(`${kind}/`))
  if (sourceKind === undefined) throw new TypeError('the name of an identity source begins with its kind')
  return { sourceKind, source: name.slice(sourceKind.length + 1) }
}

export type Session = RoleSession | UserSession | FederatedUserSession | RootSession | IdentitySession

export function sessionItem(session: Session): Item {
  const { tags, claims, lineage } = session
  const { pk, sk } = sessionKey(session.accessKeyId)
  // One copy and no lists of its members: a session is made with every exchange.
  const item: { pk: string; sk: string; [attribute: string]: Value | undefined } = {
    ...(session as Omit<Session, 'lineage'>), // which takes its stored form below
    pk,
    sk,
    tags: storedTags(tags),
    claims: Object.keys(claims).map((key) => [key, ...(claims[key] ?? [])]),
  }
  if (lineage) item.lineage = storedLineage(lineage)
  for (const name in item) if (item[name] === undefined) delete item[name]
  return item as Item
}

export const parseSession = parsedOnce((item: Item): Session => {
  const fields = new Fields(item)
  const sessionPolicy = fields.optionalText('sessionPolicy')
  const sourceIdentity = fields.optionalText('sourceIdentity')
  const provider = fields.optionalText('provider')
  const claimsDocument = fields.optionalText('claimsDocument')
  const mfaAuthenticatedAt = fields.optionalNumber('mfaAuthenticatedAt')
  const revokedAt = fields.optionalNumber('revokedAt')
  return {
    ...parseHolder(fields, item),
    accessKeyId: fields.text('accessKeyId'),
    account: fields.text('account'),
    sealedSecret: fields.text('sealedSecret'),
    issuedAt: fields.number('issuedAt'),
    expiresAt: fields.number('expiresAt'),
    sessionPolicyArns: fields.texts('sessionPolicyArns'),
    tags: fields.tags('tags'),
    transitiveTagKeys: fields.texts('transitiveTagKeys'),
    claims: Object.fromEntries(fields.tags('claims').map(({ key, values }) => [key, values])),
    ancestors: fields.texts('ancestors'),
    lineage: fields.tags('lineage').map((stored) => parseLink(stored, item)),
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(provider === undefined ? {} : { provider }),
    ...(claimsDocument === undefined ? {} : { claimsDocument }),
    ...(mfaAuthenticatedAt === undefined ? {} : { mfaAuthenticatedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  }
})

type Holder =
  | Pick<RoleSession, 'kind' | 'roleName' | 'roleId' | 'roleSessionName' | 'identitySource'>
  | Pick<UserSession, 'kind' | 'userName' | 'userId' | 'madeBy'>
  | Pick<FederatedUserSession, 'kind' | 'federatedName' | 'userName' | 'userId'>
  | Pick<RootSession, 'kind' | 'madeBy'>
  | Pick<IdentitySession, 'kind' | 'sourceKind' | 'source' | 'subject' | 'policyArns' | 'groups'>

function parseHolder(fields: Fields, item: Item): Holder {
  const kind = fields.text('kind')
  switch (kind) {
    case 'role': {
      const identitySource = fields.optionalText('identitySource')
      if (identitySource !== undefined && !SOURCE_KINDS.some((known) => identitySource.startsWith(`${known}/`))) {
        throw new DamagedRecord(item, 'identitySource')
      }
      return {
        kind,
        roleName: fields.text('roleName'),
        roleId: fields.text('roleId'),
        roleSessionName: fields.text('roleSessionName'),
        ...(identitySource === undefined ? {} : { identitySource }),
      }
    }
    case 'user': {
      const madeBy = fields.text('madeBy')
      if (madeBy !== 'GetSessionToken' && madeBy !== 'AssumeRole') throw new DamagedRecord(item, 'madeBy')
      return { kind, userName: fields.text('userName'), userId: fields.text('userId'), madeBy }
    }
    case 'federated-user': {
      const federatedName = fields.text('federatedName')
      if (fields.optionalText('userName') === undefined) return { kind, federatedName }
      return { kind, federatedName, userName: fields.text('userName'), userId: fields.text('userId') }
    }
    case 'root': {
      const madeBy = fields.text('madeBy')
      if (madeBy !== 'GetSessionToken' && madeBy !== 'AssumeRole' && madeBy !== 'AssumeRoot') {
        throw new DamagedRecord(item, 'madeBy')
      }
      return { kind, madeBy }
    }
    case 'identity': {
      const sourceKind = SOURCE_KINDS.find((known) => known === fields.text('sourceKind'))
      if (sourceKind === undefined) throw new DamagedRecord(item, 'sourceKind')
      return {
        kind,
        sourceKind,
        source: fields.text('source'),
        subject: fields.text('subject'),
        policyArns: fields.texts('policyArns'),
        groups: fields.texts('groups'),
      }
    }
    default:
      throw new DamagedRecord(item, 'kind')
  }
}

const storedLineage = (lineage: readonly Link[]): Value =>
  lineage.map(({ kind, account, name, id, issuedAt, provider = '', identitySource = '', subject = '' }) => {
    const stored = [kind, account, name, id, String(issuedAt)]
    // None of them is empty: what is not there holds the place of what follows.
    const rest = subject !== '' ? 3 : identitySource !== '' ? 2 : provider !== '' ? 1 : 0
    return rest === 0 ? stored : [...stored, ...[provider, identitySource, subject].slice(0, rest)]
  })

function parseLink({ key: kind, values }: Tag, item: Item): Link {
  const [account, name, id, issuedAt, provider = '', identitySource = '', subject = ''] = values
  const known = kind === 'user' || kind === 'role' || kind === 'root' || kind === 'identity'
  if (!known || account === undefined || name === undefined || id === undefined || !/^\d+$/.test(issuedAt ?? '')) {
    throw new DamagedRecord(item, 'lineage')
  }
  return {
    kind,
    account,
    name,
    id,
    issuedAt: Number(issuedAt),
    ...(provider === '' ? {} : { provider }),
    ...(identitySource === '' ? {} : { identitySource }),
    ...(subject === '' ? {} : { subject }),
  }
}

/** Each account's mark is an attribute of its own: none can take the place of another's. */
export const markOf = (account: string): string => `${MARK}${account}`
const MARK = 'revokedFor:'

interface Revocation {
  /** Whose session the row is; absent when marks stand in place of a session that has left the table. */
  readonly account?: string
  /** The accounts that revoked it. While the row is a session, only its own can. */
  readonly revokedBy: readonly string[]
}

/** By whom a session was revoked, whether it is still there or has left the table. */
export const parseRevocation = parsedOnce((item: Item): Revocation => {
  const fields = new Fields(item)
  const account = fields.optionalText('account')
  const marks = Object.keys(item).filter((name) => name.startsWith(MARK))
  const own = account !== undefined && fields.optionalNumber('revokedAt') !== undefined
  return {
    ...(account === undefined ? {} : { account }),
    revokedBy: [...(own ? [account] : []), ...marks.map((name) => name.slice(MARK.length))],
  }
})
