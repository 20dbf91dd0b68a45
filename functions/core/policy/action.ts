import type { ActionElement } from './document.ts'
import { compileGlob, patternTokens } from './wildcard.ts'

/** Compiles `Action` or `NotAction`; names are compared without regard to case, as AWS does. */
export function compileAction(patterns: readonly string[], negated: boolean): ActionElement {
  const folded = patterns.map((pattern) => pattern.toLowerCase())
  const names = new Set(folded.filter((pattern) => !/[*?]/.test(pattern)))
  const globs = folded.filter((pattern) => !names.has(pattern)).map((pattern) => compileGlob(patternTokens(pattern)))
  const listed = (action: string) => names.has(action) || globs.some((glob) => glob(action))
  return { negated, patterns, covers: (action) => listed(action) !== negated }
}
