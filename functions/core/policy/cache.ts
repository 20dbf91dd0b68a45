import type { ParsedPolicy } from './document.ts'
import { type ParseOptions, parsePolicy } from './parse.ts'

/** Parses like `parsePolicy` and remembers the outcome. */
export type PolicyParser = (text: string, options: ParseOptions) => ParsedPolicy

/**
 * A parser that keeps what it parsed, the least recently used going first once the texts kept exceed `maxCharacters`.
 * The key is the text itself with the options, so an edited policy is another policy, and no two share an entry.
 * Refusals are not kept.
 */
export function cachingParser(maxCharacters: number): PolicyParser {
  // By text first: hashing a text that was looked up before costs nothing, joining it with the options would.
  const kept = new Map<string, Map<string, ParsedPolicy>>()
  let characters = 0
  return (text, options) => {
    const variant = `${options.kind} ${options.dialect ?? 'aws'} ${options.minimumVersion ?? ''}`
    const variants = kept.get(text)
    const known = variants?.get(variant)
    // While there is room for as much again, the order in which texts would leave is nobody's concern.
    if (known && characters <= maxCharacters / 2) return known
    const parsed = known ?? parsePolicy(text, options)
    kept.delete(text)
    kept.set(text, variants?.set(variant, parsed) ?? new Map([[variant, parsed]]))
    if (known) return known
    characters += text.length
    for (const [oldest, { size }] of kept) {
      if (characters <= maxCharacters) break
      kept.delete(oldest)
      characters -= size * oldest.length
    }
    return parsed
  }
}

/** One cache a process, of immutable content only: a million characters of policy text, compiled some tens of megabytes. */
export const parsePolicyCached: PolicyParser = cachingParser(1_000_000)
