import type { MintedCredentials } from './mint.ts'

/** A session that was made for somebody who was let in, with a role or without. */
export interface GrantedSession {
  readonly credentials: MintedCredentials
  /** AWS's members of the answer besides, ready to be answered. */
  readonly answer: {
    readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
    readonly SessionTokenSize: number
    readonly SessionTokenUtilization: number
    readonly PackedPolicySize?: number
    readonly SourceIdentity?: string
  }
}
