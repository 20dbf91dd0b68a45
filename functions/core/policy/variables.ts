import type { ConditionContext } from './types.ts'
import { compileGlob, type PatternToken, patternTokens } from './wildcard.ts'

/** `${key}` or `${key, 'default'}` (AWS: IAM policy elements, variables and tags). */
export interface Variable {
  readonly key: string
  readonly default?: string
}

/** Policy text cut into literals, wildcards and variables. */
export type Template = readonly (PatternToken | Variable)[]

/**
 * Whether a request value meets a pattern of the policy; `undefined` when that cannot be told, because a variable of
 * the pattern has no value or the request's value is not of the operator's type. It then never helps an Allow.
 */
export type ValueTest = (requestValue: string, context: ConditionContext) => boolean | undefined

export interface TemplateOptions {
  /** `${…}` is a variable; version 2008-10-17 has none and reads it as it stands. */
  readonly variables: boolean
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean
}

const VARIABLE = /(\$\{[^{}]*\})/
const QUOTED = /^'([^']*)'$/
const ESCAPED: ReadonlySet<string> = new Set(['*', '?', '$'])

/** Cuts policy text into a template; `undefined` when a `${` is not closed or holds nothing usable. */
export function parseTemplate(text: string, { variables, wildcards }: TemplateOptions): Template | undefined {
  const literals = (part: string) => (wildcards ? patternTokens(part) : part === '' ? [] : [part])
  if (!variables) return literals(text)
  const template: (PatternToken | Variable)[] = []
  for (const [index, part] of text.split(VARIABLE).entries()) {
    if (index % 2 === 0) {
      if (part.includes('${')) return undefined
      template.push(...literals(part))
      continue
    }
    const inside = part.slice(2, -1).trim()
    if (inside === '') return undefined
    if (ESCAPED.has(inside)) template.push(inside)
    else template.push(parseVariable(inside))
  }
  return template
}

function parseVariable(inside: string): Variable {
  const comma = inside.indexOf(',')
  const fallback = QUOTED.exec(inside.slice(comma + 1).trim())?.[1]
  return comma < 0 || fallback === undefined
    ? { key: inside }
    : { key: inside.slice(0, comma).trim(), default: fallback }
}

const isVariable = (token: PatternToken | Variable): token is Variable => typeof token === 'object'
const isPatternToken = (token: PatternToken | Variable): token is PatternToken => !isVariable(token)

export const variablesOf = (template: Template): readonly string[] => template.filter(isVariable).map(({ key }) => key)

/**
 * Puts the request's values into a template, as literals: a `*` in a value is no wildcard. `undefined` when a variable
 * has no value, or several (AWS: multivalued keys are no variables). A default counts only where the key is absent.
 */
export function resolveTemplate(template: Template, context: ConditionContext): readonly PatternToken[] | undefined {
  const tokens: PatternToken[] = []
  for (const token of template) {
    if (!isVariable(token)) {
      tokens.push(token)
      continue
    }
    const values = context.get(token.key)
    const value = values === undefined ? token.default : values.length === 1 ? values[0] : undefined
    if (value === undefined) return undefined
    tokens.push(value)
  }
  return tokens
}

/** Compiles a template to a test of a whole value. */
export function compileTemplate(template: Template): ValueTest {
  if (template.some(isVariable)) {
    return (value, context) => {
      const tokens = resolveTemplate(template, context)
      if (tokens) return compileGlob(tokens)(value)
      return context.variablesOfMany ? meetsAnyOf(template, value, context) : undefined
    }
  }
  return compileGlob(template.filter(isPatternToken))
}

/** One variable with several values: whether the value is met with any of them. Two such variables stand for nothing. */
function meetsAnyOf(template: Template, value: string, context: ConditionContext): boolean | undefined {
  const many = variablesOf(template).find((key) => (context.get(key)?.length ?? 0) > 1)
  if (many === undefined) return undefined
  const outcomes = (context.get(many) ?? []).map((one) => {
    const single = { get: (key: string) => (key === many ? [one] : context.get(key)) }
    const tokens = resolveTemplate(template, single)
    return tokens && compileGlob(tokens)(value)
  })
  return outcomes.includes(true) ? true : outcomes.includes(undefined) ? undefined : false
}

/** Splits a template at the colons of its literals, into at most `limit` parts; the last keeps the colons left over. */
export function splitTemplate(template: Template, limit: number): readonly Template[] {
  const parts: (PatternToken | Variable)[][] = [[]]
  for (const token of template) {
    const pieces: readonly (PatternToken | Variable)[] = typeof token === 'string' ? token.split(':') : [token]
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && parts.length < limit) parts.push([])
      else if (index > 0) parts.at(-1)?.push(':')
      if (piece !== '') parts.at(-1)?.push(piece)
    }
  }
  return parts
}
