import { parseArn } from '../arn.ts'
import { builtInPolicies } from '../managed-policies/built-in.ts'
import { parseManagedPolicy } from '../store/entities/managed-policy.ts'
import { policyKey } from '../store/keys.ts'
import type { Key, Store } from '../store/port.ts'
import type { PolicyText } from './caller.ts'

/** Where the text of a managed policy lies: in the code, in the table, or nowhere. */
export function managedPolicyKey(arn: string): Key | undefined {
  const parsed = parseArn(arn)
  if (!parsed || parsed.service !== 'iam' || parsed.account === 'aws' || !parsed.resource.startsWith('policy/')) return
  return policyKey(parsed.account, parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1))
}

/**
 * The documents of managed policies, by ARN, in one round trip at most and none when all are built in. A policy that does
 * not exist has no entry: it grants nothing, and the caller decides what else its absence means.
 */
export async function readManagedPolicies(store: Store, arns: readonly string[]): Promise<ReadonlyMap<string, PolicyText>> {
  const texts = new Map<string, PolicyText>()
  const wanted: Key[] = []
  for (const arn of new Set(arns)) {
    const builtIn = builtInPolicies.get(arn)
    if (builtIn) texts.set(arn, { name: arn, document: builtIn.document })
    const key = builtIn ? undefined : managedPolicyKey(arn)
    if (key) wanted.push(key)
  }
  if (wanted.length === 0) return texts
  for (const item of await store.getMany(wanted)) {
    if (!item) continue
    const { arn, document } = parseManagedPolicy(item)
    // The path is part of the ARN but not of the key: only the full ARN names the policy.
    if (arns.includes(arn)) texts.set(arn, { name: arn, document })
  }
  return texts
}
