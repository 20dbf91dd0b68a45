import { malformed, type StatementGrammar, syntaxError } from '../refusal.ts'
import type { JsonValue } from '../strict-json.ts'
import { type Condition, compileCondition } from './condition.ts'
import { findOperator } from './operators.ts'

/** Compiles `Condition`: every key of every operator, all of which must hold. */
export function parseConditions(block: JsonValue | undefined, grammar: StatementGrammar): readonly Condition[] {
  if (block === undefined) return []
  if (!(block instanceof Map)) throw syntaxError(grammar.kind, 'Condition is no object')
  const conditions: Condition[] = []
  for (const [operator, keys] of block) {
    if (!(keys instanceof Map)) throw syntaxError(grammar.kind, 'a condition operator holds no object')
    const found = findOperator(operator)
    if (!found) throw malformed(`Invalid Condition type : ${operator}.`)
    for (const [key, value] of keys) {
      if (!/^[^:]+:./.test(key)) {
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
      }
      const { effect, variables } = grammar
      const values = scalars(value, grammar)
      const condition = compileCondition({ operator, key, values, effect, variables }, found)
      if (!condition) throw malformed(`Invalid value for the condition ${operator} of ${key}.`)
      conditions.push(condition)
    }
  }
  return conditions
}

/** A string, a number or a boolean, or a list of them; numbers keep their spelling. */
function scalars(value: JsonValue, { kind }: StatementGrammar): readonly string[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value]
  return list.map((item) => {
    if (typeof item === 'string') return item
    if (typeof item === 'boolean') return String(item)
    if (item !== null && typeof item === 'object' && 'literal' in item) return item.literal
    throw syntaxError(kind, 'a condition value is neither a string, a number nor a boolean')
  })
}
