import { managedPolicyKeys, managedPolicyTexts } from '../authentication/policy-texts.ts'
import type { Rows } from '../authentication/rows.ts'
import type { Tag } from '../store/entities/fields.ts'
import type { Session } from '../store/entities/session.ts'
import { packedPolicySize } from './packed-size.ts'
import { checkSessionPolicies, type SessionPolicyInput, sessionPolicyArns } from './session-policies.ts'

export interface PassedPolicies {
  readonly draft: Pick<Session, 'sessionPolicy' | 'sessionPolicyArns'>
  /** AWS's `PackedPolicySize`, ready to be answered. */
  readonly answer: { readonly PackedPolicySize?: number }
}

/**
 * The session policies that a caller passed, checked: what the session keeps of them and how much space they take together
 * with its tags. Throws MalformedPolicyDocument, ValidationError or PackedPolicyTooLarge.
 */
export async function passedPolicies(
  account: string,
  input: SessionPolicyInput,
  tags: readonly Tag[],
  rows: Rows,
): Promise<PassedPolicies> {
  const arns = sessionPolicyArns(input)
  const keys = managedPolicyKeys(arns)
  if (keys.length > 0) await rows.load(keys)
  const found = managedPolicyTexts(
    arns,
    keys.map((key) => rows.get(key)),
  )
  checkSessionPolicies(account, input, found)
  const size = packedPolicySize(input.Policy, arns, tags)
  return {
    draft: { sessionPolicyArns: arns, ...(input.Policy === undefined ? {} : { sessionPolicy: input.Policy }) },
    answer: size === undefined ? {} : { PackedPolicySize: size },
  }
}
