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
  let folded: Map<string, readonly string[] | undefined> | undefined
  return {
    get(key) {
      const exact = values.get(key)
      if (exact) return exact
      if (!folded) {
        folded = new Map()
        for (const [name, list] of values) {
          const foldedName = fold(name)
          folded.set(foldedName, folded.has(foldedName) ? undefined : list)
        }
      }
      return folded.get(fold(key))
    },
  }
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
