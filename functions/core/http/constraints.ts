import { StsError } from '../errors.ts'
import type { IntegerShape, StringShape } from '../model/types.ts'

/** AWS's words for one rule that an input breaks. `text` may repeat the value; `rule` never does and may be logged. */
interface Violation {
  readonly text: string
  readonly rule: string
}

/** Collects what an input breaks, so that the caller hears of everything at once, as from AWS. */
export class Violations {
  readonly #found: Violation[] = []
  #other: StsError | undefined

  /** `value` is left out when it is secret; AWS then says "Value at". */
  add(path: string, constraint: string, value?: string): void {
    const rule = `at '${path}' failed to satisfy constraint: ${constraint}`
    this.#found.push({ rule, text: `${value === undefined ? 'Value' : `Value '${value}'`} ${rule}` })
  }

  addNull(path: string): void {
    const rule = `null at '${path}' failed to satisfy constraint: Member must not be null`
    this.#found.push({ rule, text: `Value ${rule}` })
  }

  /** A refusal with a code or wording of its own; it speaks only when nothing else is wrong. */
  addOther(error: StsError): void {
    this.#other ??= error
  }

  throwIfAny(): void {
    const count = this.#found.length
    if (count > 0) {
      const heading = `${count} validation error${count === 1 ? '' : 's'} detected: `
      const reason = heading + this.#found.map((each) => each.rule).join('; ')
      throw new StsError('ValidationError', heading + this.#found.map((each) => each.text).join('; '), {
        detail: { reason },
      })
    }
    if (this.#other) throw this.#other
  }
}

/** The refusal of an input that lacks a member which a rule of the action, not the model, requires. */
export function missingMember(name: string): StsError {
  return new StsError(
    'ValidationError',
    `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
  )
}

/** AWS names members in its messages with a small first letter: `roleArn`, `sAMLAssertion`. */
export const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

const LONGEST = (max: number) => `Member must have length less than or equal to ${max}`
const SHORTEST = (min: number) => `Member must have length greater than or equal to ${min}`
const PATTERN = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`
const ENUM = (names: readonly string[]) => `Member must satisfy enum value set: [${names.join(', ')}]`

/** Compiles a shape's limits into a function that says, in AWS's words, which of them a text breaks. */
export function textRules(shape: StringShape): (value: string) => readonly string[] {
  const { min, max, pattern, enum: names } = shape
  const compiled = pattern === undefined ? undefined : compilePattern(pattern)
  return (value) => {
    const broken: string[] = []
    if (max !== undefined && shape.tooLong === undefined && isLongerThan(value, max)) broken.push(LONGEST(max))
    if (min !== undefined && isShorterThan(value, min)) broken.push(SHORTEST(min))
    if (pattern !== undefined && !compiled?.test(value)) broken.push(PATTERN(pattern))
    if (names && !names.includes(value)) broken.push(ENUM(names))
    return broken
  }
}

/** All rules of a list's elements in one sentence. */
export function describeRules({ min, max, pattern, enum: names }: StringShape): string {
  const rules: string[] = []
  if (max !== undefined) rules.push(LONGEST(max))
  if (min !== undefined) rules.push(SHORTEST(min))
  if (pattern !== undefined) rules.push(PATTERN(pattern))
  if (names) rules.push(ENUM(names))
  return `Member must satisfy constraint: [${rules.join(', ')}]`
}

export function integerRules({ min, max }: IntegerShape): (value: number) => readonly string[] {
  return (value) => {
    if (max !== undefined && value > max) return [`Member must have value less than or equal to ${max}`]
    if (min !== undefined && value < min) return [`Member must have value greater than or equal to ${min}`]
    return []
  }
}

/** Lengths count code points; a text has at most as many of them as UTF-16 units, and at least half as many. */
export function isLongerThan(value: string, max: number): boolean {
  return value.length > max && (value.length > 2 * max || codePoints(value) > max)
}

function isShorterThan(value: string, min: number): boolean {
  return value.length < min || (value.length < 2 * min && codePoints(value) < min)
}

function codePoints(value: string): number {
  let count = 0
  for (const _ of value) count += 1
  return count
}

/** AWS writes patterns for Java: an anchor is meant, `\u10000` is one character, and `\:` is an escape. */
export function compilePattern(pattern: string): RegExp {
  const source = pattern.replaceAll('\\u10000-\\u10FFFF', '\\u{10000}-\\u{10FFFF}').replaceAll('\\:', ':')
  return new RegExp(`^(?:${source.replaceAll('\\,', ',')})$`, 'u')
}
