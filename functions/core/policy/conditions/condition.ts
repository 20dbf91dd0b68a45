import type { ConditionContext } from '../types.ts'
import { type ValueTest, variablesOf } from '../variables.ts'
import { parseBool } from './bool.ts'
import type { Operator } from './operators.ts'

/** One key of one operator of a statement's `Condition`, compiled. */
export interface Condition {
  /** As the policy writes it. */
  readonly operator: string
  readonly key: string
  /** The keys of the variables in its values. */
  readonly variables: readonly string[]
  /** The values of an operator that can narrow (positive, and false when the key is absent); else `undefined`. */
  readonly requiredValues?: readonly string[]
  holds(context: ConditionContext): boolean
}

export interface ConditionSource {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly effect: 'Allow' | 'Deny'
  readonly variables: boolean
}

/**
 * Compiles a condition; `undefined` when a value is not of the operator's type.
 *
 * The rules are AWS's: the policy's values are alternatives (of a negated operator: none may match); an absent key
 * fails a positive operator and meets a negated one; `…IfExists` and `ForAllValues:` hold on an absent key,
 * `ForAnyValue:` never does. AWS leaves open what an operator without a qualifier does to a key with several values:
 * here a positive one asks that any of them matches, a negated one that none does.
 */
export function compileCondition(source: ConditionSource, operator: Operator): Condition | undefined {
  const { key, values } = source
  const described = { operator: source.operator, key }
  if (operator.null) {
    const wanted = values.map(parseBool)
    if (wanted.includes(undefined)) return undefined
    // AWS: a key that is there without a value is null too.
    const holds = (context: ConditionContext) => wanted.includes((context.get(key) ?? []).length === 0)
    return { ...described, variables: [], holds }
  }
  const { comparison, qualifier, ifExists } = operator
  const compiled = values.map((value) => comparison.family.compile(value, { variables: source.variables }))
  const tests = compiled.flatMap((value) => (value ? [value.test] : []))
  if (tests.length < values.length) return undefined
  const meets = comparison.negated ? meetsNone(tests, source.effect === 'Deny') : meetsAny(tests)
  const whenAbsent = ifExists || (qualifier === undefined ? comparison.negated : qualifier === 'forAllValues')
  const all = qualifier === undefined ? comparison.negated : qualifier === 'forAllValues'
  return {
    ...described,
    variables: compiled.flatMap((value) => variablesOf(value?.template ?? [])),
    ...(!comparison.negated && !whenAbsent && { requiredValues: values }),
    holds: (context) => {
      const given = context.get(key)
      if (given === undefined) return whenAbsent
      return all ? given.every((value) => meets(value, context)) : given.some((value) => meets(value, context))
    },
  }
}

type Meets = (requestValue: string, context: ConditionContext) => boolean

const meetsAny =
  (tests: readonly ValueTest[]): Meets =>
  (value, context) =>
    tests.some((test) => test(value, context) === true)

/** What cannot be told counts as met for a Deny and as not met for an Allow. */
const meetsNone =
  (tests: readonly ValueTest[], unknown: boolean): Meets =>
  (value, context) => {
    let met = true
    for (const test of tests) {
      const outcome = test(value, context)
      if (outcome === true) return false
      if (outcome === undefined) met = unknown
    }
    return met
  }
