import { arnLike } from './arn.ts'
import { binaryEquals } from './binary.ts'
import { bool } from './bool.ts'
import { dateEquals, dateGreaterThan, dateGreaterThanEquals, dateLessThan, dateLessThanEquals } from './date.ts'
import type { OperatorFamily } from './family.ts'
import { ipAddress } from './ip-address.ts'
import {
  numericEquals,
  numericGreaterThan,
  numericGreaterThanEquals,
  numericLessThan,
  numericLessThanEquals,
} from './numeric.ts'
import { stringEquals, stringEqualsIgnoreCase, stringLike } from './string.ts'

export interface Comparison {
  readonly family: OperatorFamily
  readonly negated: boolean
}

export type Qualifier = 'forAllValues' | 'forAnyValue'

/** An operator's name taken apart; `Null` has neither a comparison nor an affix. */
export type Operator =
  | { readonly null: true }
  | {
      readonly null: false
      readonly comparison: Comparison
      readonly qualifier: Qualifier | undefined
      readonly ifExists: boolean
    }

const is = (family: OperatorFamily): Comparison => ({ family, negated: false })
const isNot = (family: OperatorFamily): Comparison => ({ family, negated: true })

/** AWS: IAM policy elements, condition operators. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['stringequals', is(stringEquals)],
  ['stringnotequals', isNot(stringEquals)],
  ['stringequalsignorecase', is(stringEqualsIgnoreCase)],
  ['stringnotequalsignorecase', isNot(stringEqualsIgnoreCase)],
  ['stringlike', is(stringLike)],
  ['stringnotlike', isNot(stringLike)],
  ['numericequals', is(numericEquals)],
  ['numericnotequals', isNot(numericEquals)],
  ['numericlessthan', is(numericLessThan)],
  ['numericlessthanequals', is(numericLessThanEquals)],
  ['numericgreaterthan', is(numericGreaterThan)],
  ['numericgreaterthanequals', is(numericGreaterThanEquals)],
  ['dateequals', is(dateEquals)],
  ['datenotequals', isNot(dateEquals)],
  ['datelessthan', is(dateLessThan)],
  ['datelessthanequals', is(dateLessThanEquals)],
  ['dategreaterthan', is(dateGreaterThan)],
  ['dategreaterthanequals', is(dateGreaterThanEquals)],
  ['bool', is(bool)],
  ['binaryequals', is(binaryEquals)],
  ['ipaddress', is(ipAddress)],
  ['notipaddress', isNot(ipAddress)],
  ['arnequals', is(arnLike)],
  ['arnnotequals', isNot(arnLike)],
  ['arnlike', is(arnLike)],
  ['arnnotlike', isNot(arnLike)],
])

const AFFIXES = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/

/** Finds an operator by its name, in any case; `undefined` when AWS has none of that name. */
export function findOperator(name: string): Operator | undefined {
  const folded = name.toLowerCase()
  if (folded === 'null') return { null: true }
  const [, prefix, base = '', suffix] = AFFIXES.exec(folded) ?? []
  const comparison = COMPARISONS.get(base)
  if (!comparison) return undefined
  const qualifier = prefix === undefined ? undefined : prefix === 'forallvalues' ? 'forAllValues' : 'forAnyValue'
  return { null: false, comparison, qualifier, ifExists: suffix !== undefined }
}
