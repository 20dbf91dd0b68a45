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
  const kept = new Map<string, ParsedPolicy>()
  let characters = 0
  return (text, options) => {
    const key = `${options.kind} ${options.dialect ?? 'aws'} ${options.minimumVersion ?? ''} ${text}`
    const known = kept.get(key)
    if (known) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const parsed = parsePolicy(text, options)
    kept.set(key, parsed)
    characters += key.length
    for (const oldest of kept.keys()) {
      if (characters <= maxCharacters) break
      kept.delete(oldest)
      characters -= oldest.length
    }
    return parsed
  }
}

/** One cache a process, of immutable content only: a million characters of policy text, compiled some tens of megabytes. */
export const parsePolicyCached: PolicyParser = cachingParser(1_000_000)
