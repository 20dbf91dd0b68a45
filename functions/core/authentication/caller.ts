import type { RequestPrincipal } from '../policy/types.ts'
import type { Tag } from '../store/entities/fields.ts'
import type { Link, Session } from '../store/entities/session.ts'

/** A proven caller: its signature was verified and its record read. */
export interface Caller {
  readonly account: string
  readonly arn: string
  /** `AIDA…`, `AROA…:session`, the account id for root (IAM User Guide, "IAM identifiers"). */
  readonly userId: string
  readonly accessKeyId: string
  readonly principal: RequestPrincipal & { readonly type: 'AWS' }
  /** The user whose own credentials these are: its long-term key, or a session that keeps its ARN. */
  readonly user?: CallingUser
  /** Present for temporary credentials. */
  readonly session?: SessionFacts
  /**
   * Condition keys that follow from who the caller is: `aws:PrincipalArn`, `aws:userid`, `aws:PrincipalTag/…` … No getter: V8
   * makes a hidden class of its own for each object literal with one, which keeps the request's rows until the next full
   * collection.
   */
  contextKeys(): ReadonlyMap<string, readonly string[]>
  /** Everything that limits the caller, as it stands now; read once per request, when a decision first needs it. */
  policies(): Promise<CallerPolicies>
}

export interface CallingUser {
  readonly userName: string
  readonly userId: string
  readonly groups: readonly string[]
}

/** A policy document and the name under which an explanation speaks of it. */
export interface PolicyText {
  readonly name: string
  readonly document: string
}

export interface CallerPolicies {
  readonly identity: readonly PolicyText[]
  readonly boundary?: PolicyText
  /** Absent: no session policy. Present and empty: nothing is allowed. */
  readonly session?: readonly PolicyText[]
}

export interface SessionFacts {
  readonly kind: Session['kind']
  /** The action that made a session of a user's or root's own rights. */
  readonly madeBy?: 'GetSessionToken' | 'AssumeRole' | 'AssumeRoot'
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** When its holder showed a second factor (seconds). */
  readonly mfaAuthenticatedAt?: number
  /** Those of its tags that sessions made with it inherit. */
  readonly transitiveTags: readonly Tag[]
  readonly sourceIdentity?: string
  /** Of an identity without a role: names of the groups that give it rights. */
  readonly groups?: readonly string[]
  /** What is kept of its issuer's claims, by name. */
  readonly claims?: Readonly<Record<string, readonly string[]>>
  /** All of them in JSON, where they are kept for a decision webhook. */
  readonly claimsDocument?: string
  /** Access key ids of the sessions that it descends from. */
  readonly ancestors: readonly string[]
  /** All that it rests on, itself included. */
  readonly links: readonly Link[]
}
