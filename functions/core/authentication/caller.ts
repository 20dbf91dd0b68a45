import type { RequestPrincipal } from '../policy/types.ts'

/** A proven caller: its signature was verified and its record read. */
export interface Caller {
  readonly account: string
  readonly arn: string
  /** `AIDA…`, `AROA…:session`, the account id for root (IAM User Guide, "IAM identifiers"). */
  readonly userId: string
  readonly accessKeyId: string
  readonly principal: RequestPrincipal & { readonly type: 'AWS' }
  /** Present for temporary credentials. */
  readonly session?: SessionFacts
  /** Condition keys that follow from who the caller is: `aws:PrincipalArn`, `aws:userid`, `aws:PrincipalTag/…` … */
  readonly contextKeys: ReadonlyMap<string, readonly string[]>
  /** Everything that limits the caller, as it stands now; read once per request, when a decision first needs it. */
  policies(): Promise<CallerPolicies>
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
  readonly kind: 'role'
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
}
