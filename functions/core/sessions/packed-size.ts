import { StsError } from '../errors.ts'
import type { Tag } from '../store/entities/fields.ts'

/** Characters that session policies and session tags may have together: they are kept in the table, not in the token. */
const MOST_CHARACTERS = 10_240

/**
 * AWS's `PackedPolicySize`: how much of the allowed space the session policy, the policies' ARNs and the session tags take, in percent; `undefined`
 * when there are none. Throws PackedPolicyTooLarge over 100.
 */
export function packedPolicySize(
  policy: string | undefined,
  policyArns: readonly string[],
  tags: readonly Tag[],
): number | undefined {
  if (policy === undefined && policyArns.length === 0 && tags.length === 0) return undefined
  const texts = [policy ?? '', ...policyArns, ...tags.flatMap(({ key, values }) => [key, ...values])]
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const percent = Math.ceil((characters * 100) / MOST_CHARACTERS)
  if (characters > MOST_CHARACTERS) {
    throw new StsError(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    )
  }
  return percent
}
