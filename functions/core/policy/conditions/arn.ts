import { compileTemplate, parseTemplate, splitTemplate, type ValueTest, variablesOf } from '../variables.ts'
import { STAR } from '../wildcard.ts'
import type { OperatorFamily } from './family.ts'

const PARTS = 6

/** The six parts of an ARN; the last keeps its colons. `undefined` when the text is no ARN. */
function arnParts(text: string): readonly string[] | undefined {
  const parts = text.split(':')
  if (parts.length < PARTS || parts[0] !== 'arn') return undefined
  return [...parts.slice(0, PARTS - 1), parts.slice(PARTS - 1).join(':')]
}

/**
 * ArnEquals and ArnLike are one: each of the six colon-separated parts is matched for itself, `*` and `?` included
 * (AWS: ARN condition operators). A lone `*` is any ARN, a lone variable an ARN in full; no other text of fewer than
 * six parts matches anything.
 */
export const arnLike: OperatorFamily = {
  compile: (policyValue, { variables }) => {
    const template = parseTemplate(policyValue, { variables, wildcards: true })
    if (!template) return undefined
    const [only, ...others] = template
    if (only === STAR && others.length === 0) return { test: (value) => (arnParts(value) ? true : undefined), template }
    if (template.length === 1 && variablesOf(template).length === 1)
      return { test: compileTemplate(template), template }
    const parts = splitTemplate(template, PARTS)
    const tests = parts.map(compileTemplate)
    if (parts.length < PARTS) return { test: () => false, template }
    return { test: everyPart(tests), template }
  },
}

const everyPart =
  (tests: readonly ValueTest[]): ValueTest =>
  (value, context) => {
    const given = arnParts(value)
    if (!given) return undefined
    let outcome: boolean | undefined = true
    for (const [index, test] of tests.entries()) {
      const fits = test(given[index] ?? '', context)
      if (fits === undefined) outcome = undefined
      else if (!fits) return false
    }
    return outcome
  }
