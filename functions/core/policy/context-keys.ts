import type { ParsedPolicy } from './document.ts'

/**
 * The condition keys and variables that a policy refers to, each once, as the policy first writes it
 * (AWS: GetContextKeysForCustomPolicy).
 */
export function contextKeysOf(policy: ParsedPolicy): readonly string[] {
  const keys = new Map<string, string>()
  const add = (key: string) => {
    const folded = key.toLowerCase()
    if (!keys.has(folded)) keys.set(folded, key)
  }
  for (const { resource, conditions } of policy.statements) {
    resource?.variables.forEach(add)
    for (const { key, variables } of conditions) {
      add(key)
      variables.forEach(add)
    }
  }
  return [...keys.values()]
}
