import { parsePolicy } from '@daypass/core/policy/parse.ts'
import { checkTrustPolicy } from '@daypass/core/policy/trust-check.ts'
import type { IamCall } from './call.ts'
import { limitExceeded } from './errors.ts'
import { documentSize } from './policy-document.ts'

/** AWS's default quota, in characters without white space. */
const LARGEST_TRUST_POLICY = 2048

/**
 * Refuses (MalformedPolicyDocument, LimitExceeded) what must not become a role's trust policy: what is none, and what would
 * let any customer of a shared issuer in.
 */
export function checkRoleTrust({ dialect }: IamCall, text: string): void {
  checkTrustPolicy(parsePolicy(text, { kind: 'trust', dialect }))
  if (dialect === 'aws' && documentSize(text) > LARGEST_TRUST_POLICY) {
    throw limitExceeded('ACLSizePerRole', LARGEST_TRUST_POLICY)
  }
}
