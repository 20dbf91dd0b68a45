import { parseArn } from '../arn.ts'
import { builtInPolicies } from '../managed-policies/built-in.ts'
import { isAccountId } from '../store/entities/account.ts'
import { parseManagedPolicy } from '../store/entities/managed-policy.ts'
import { policyKey } from '../store/keys.ts'
import type { Item, Key, Store } from '../store/port.ts'
import type { PolicyText } from './caller.ts'

/** Where managed policies lie, for a caller that reads them together with other rows. Built-in ones need no read. */
export function managedPolicyKeys(arns: readonly string[]): readonly Key[] {
  const keys = new Map<string, Key>()
  for (const arn of arns) {
    const parsed = builtInPolicies.has(arn) ? undefined : parseArn(arn)
    const [, name] = /^policy\/(?:.*\/)?([\w+=,.@-]{1,128})$/.exec(parsed?.resource ?? '') ?? []
    if (parsed?.service !== 'iam' || name === undefined || !isAccountId(parsed.account)) continue
    keys.set(arn, policyKey(parsed.account, name))
  }
  return [...keys.values()]
}

/** The documents of managed policies by ARN, from the rows that were read with `managedPolicyKeys`. */
export function managedPolicyTexts(
  arns: readonly string[],
  items: readonly (Item | undefined)[],
): ReadonlyMap<string, PolicyText> {
  const texts = new Map<string, PolicyText>()
  for (const arn of arns) {
    const builtIn = builtInPolicies.get(arn)
    if (builtIn) texts.set(arn, { name: arn, document: builtIn.document })
  }
  for (const item of items) {
    if (!item) continue
    const { arn, document } = parseManagedPolicy(item)
    // The path is part of the ARN but not of the key: only the full ARN names the policy.
    if (arns.includes(arn)) texts.set(arn, { name: arn, document })
  }
  return texts
}

/**
 * The documents of managed policies, by ARN, in one round trip at most and none when all are built in. A policy that does
 * not exist has no entry: it grants nothing, and the caller decides what else its absence means.
 */
export async function readManagedPolicies(
  store: Store,
  arns: readonly string[],
): Promise<ReadonlyMap<string, PolicyText>> {
  const keys = managedPolicyKeys(arns)
  return managedPolicyTexts(arns, keys.length === 0 ? [] : await store.getMany(keys))
}
