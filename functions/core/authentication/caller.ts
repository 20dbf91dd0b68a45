import type { RequestPrincipal } from '../policy/types.ts'

/** A proven caller: its signature was verified, its record read, and everything that limits it is here. */
export interface Caller {
  readonly account: string
  readonly arn: string
  /** `AIDA…`, `AROA…:session`, the account id for root (AWS: IAM identifiers). */
  readonly userId: string
  readonly accessKeyId: string
  readonly principal: RequestPrincipal & { readonly type: 'AWS' }
  /** Present for temporary credentials. */
  readonly session?: SessionFacts
  /** Condition keys that follow from who the caller is: `aws:PrincipalArn`, `aws:userid`, `aws:PrincipalTag/…` … */
  readonly contextKeys: ReadonlyMap<string, readonly string[]>
  readonly policies: CallerPolicies
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
  readonly kind: 'role' | 'user' | 'federated-user' | 'identity'
  readonly issuedAt: number
  readonly expiresAt: number
}
