import type { Effect, ResourceElement } from './document.ts'
import {
  compileTemplate,
  parseTemplate,
  splitTemplate,
  type Template,
  type ValueTest,
  variablesOf,
} from './variables.ts'
import { STAR } from './wildcard.ts'

const PARTS = 6

/**
 * Compiles `Resource` or `NotResource`; `undefined` when a pattern holds a broken variable.
 *
 * Partition, service, region and account are matched each for itself; in what follows the fifth colon a `*` runs over
 * colons and slashes too. AWS takes variables only there: before the fifth colon one matches nothing.
 */
export function compileResource(
  patterns: readonly string[],
  { negated, effect, variables }: { readonly negated: boolean; readonly effect: Effect; readonly variables: boolean },
): ResourceElement | undefined {
  const templates: Template[] = []
  for (const pattern of patterns) {
    const template = parseTemplate(pattern, { variables, wildcards: true })
    if (!template) return undefined
    templates.push(template)
  }
  const tests = templates.map(compilePattern)
  return {
    negated,
    patterns,
    variables: templates.flatMap(variablesOf),
    covers: (resource, context) => {
      let listed: boolean | undefined = false
      for (const test of tests) {
        const outcome = test(resource, context)
        if (outcome === true) return !negated
        if (outcome === undefined) listed = undefined
      }
      // A NotResource whose variable has no value must not open everything to an Allow, nor take anything from a Deny.
      if (negated) return listed === false || effect === 'Deny'
      return false
    },
  }
}

function compilePattern(template: Template): ValueTest {
  if (template.length === 1 && template[0] === STAR) return () => true
  const parts = splitTemplate(template, PARTS)
  const head = parts.slice(0, PARTS - 1)
  if (head.some((part) => variablesOf(part).length > 0)) return () => undefined
  // AWS reads the parts that a short ARN leaves out as `*`.
  const tail = compileTemplate(parts[PARTS - 1] ?? [STAR])
  const literalHead = parts.length === PARTS && head.every((part) => part.every((token) => typeof token === 'string'))
  if (literalHead) {
    const prefix = `${head.map((part) => part.join('')).join(':')}:`
    return (resource, context) => resource.startsWith(prefix) && tail(resource.slice(prefix.length), context)
  }
  const headTests = Array.from({ length: PARTS - 1 }, (_, index) => compileTemplate(head[index] ?? [STAR]))
  return (resource, context) => {
    const given = resource.split(':')
    if (given.length < PARTS) return false
    if (!headTests.every((test, index) => test(given[index] ?? '', context))) return false
    return tail(given.slice(PARTS - 1).join(':'), context)
  }
}
