import type { ConditionContext } from './types.ts'

/** Condition keys are compared without regard to the case of ASCII letters; no other letters fold into them. */
const fold = (key: string) =>
  ASCII.test(key) ? key.toLowerCase() : key.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

const ASCII = /^[\0-\x7f]*$/

/**
 * A context over a map that must not change any more. A key is found as written, else without regard to case. Keys
 * that differ in case only (the claims of a token may) are told apart by their spelling alone: another spelling finds
 * neither, so that one never answers for the other.
 */
export function mapContext(values: ReadonlyMap<string, readonly string[]>): ConditionContext {
  return { get: (key) => values.get(key) ?? foldedIn(values, key) }
}

/** Folding keeps a name's length, so that names of other lengths need no look. */
function foldedIn(values: ReadonlyMap<string, readonly string[]>, key: string): readonly string[] | undefined {
  let folded: string | undefined
  let found: readonly string[] | undefined
  for (const name of values.keys()) {
    if (name.length !== key.length) continue
    folded ??= fold(key)
    if (fold(name) !== folded) continue
    if (found) return undefined
    found = values.get(name)
  }
  return found
}

/** A context that is made when a policy first asks it: most policies ask nothing. */
export function lazyContext(make: () => ConditionContext): ConditionContext {
  let made: ConditionContext | undefined
  return {
    get(key) {
      made ??= make()
      return made.get(key)
    },
  }
}

/** One context of several: the first that has a key answers for it, so what must not be overridden comes first. */
export function joinContexts(...contexts: readonly ConditionContext[]): ConditionContext {
  return {
    get(key) {
      for (const context of contexts) {
        const values = context.get(key)
        if (values) return values
      }
      return undefined
    },
  }
}
