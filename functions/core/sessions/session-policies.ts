import { parseArn } from '../arn.ts'
import type { PolicyText } from '../authentication/caller.ts'
import { StsError } from '../errors.ts'
import { parsePolicyCached } from '../policy/cache.ts'
import { dialectOf } from '../store/entities/account.ts'

/** AWS: "You can provide up to 10 managed policy ARNs." */
const MOST_POLICY_ARNS = 10

/** What a caller passed to limit the session. */
export interface SessionPolicyInput {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined
}

/** The ARNs that were passed. Throws ValidationError when there are too many. */
export function sessionPolicyArns({ PolicyArns = [] }: SessionPolicyInput): readonly string[] {
  if (PolicyArns.length > MOST_POLICY_ARNS) {
    throw new StsError('ValidationError', `PolicyArns may have at most ${MOST_POLICY_ARNS} entries`)
  }
  return PolicyArns.map(({ arn }) => arn ?? '')
}

/**
 * Checks the session policies: the inline one must be a policy, each ARN must name one of the account or a built-in one.
 * `found` are the documents that were read for the ARNs. Throws MalformedPolicyDocument or ValidationError.
 */
export function checkSessionPolicies(
  account: string,
  input: SessionPolicyInput,
  found: ReadonlyMap<string, PolicyText>,
): void {
  if (input.Policy !== undefined) parsePolicyCached(input.Policy, { kind: 'session', dialect: dialectOf(account) })
  for (const arn of sessionPolicyArns(input)) {
    // Another account's policies are none of the session's business, and whether they exist is not told.
    const own = ['aws', account].includes(parseArn(arn)?.account ?? 'none')
    if (!own || !found.has(arn)) {
      throw new StsError(
        'ValidationError',
        'PolicyArns must name managed policies that exist in the account of the role',
      )
    }
  }
}
