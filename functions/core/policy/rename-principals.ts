import { type JsonValue, parseStrictJson } from './strict-json.ts'

/** Deeper than any policy that was found valid. */
const MAX_DEPTH = 12
const ELEMENTS = ['Principal', 'NotPrincipal']

/** The AWS principals that a policy's statements name, as they are written. The text must have passed `parsePolicy`. */
export function namedAwsPrincipals(text: string): ReadonlySet<string> {
  const names = new Set<string>()
  renamePrincipals(text, (name) => {
    names.add(name)
    return name
  })
  return names
}

/** The same policy with other names of its AWS principals; conditions, numbers and the order of all stay as they are. */
export function renamePrincipals(text: string, rename: (name: string) => string): string {
  const statement = (value: JsonValue) => changed(value, ELEMENTS, (element) => changed(element, ['AWS'], named))
  const named = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return rename(value)
    return Array.isArray(value) ? value.map(named) : value
  }
  const statements = (value: JsonValue) => (Array.isArray(value) ? value.map(statement) : statement(value))
  return written(changed(parseStrictJson(text, MAX_DEPTH), ['Statement'], statements))
}

/** A copy of an object in which the members of those names are changed. */
function changed(value: JsonValue, members: readonly string[], change: (member: JsonValue) => JsonValue): JsonValue {
  if (!(value instanceof Map)) return value
  return new Map([...value].map(([name, member]) => [name, members.includes(name) ? change(member) : member]))
}

function written(value: JsonValue): string {
  if (value instanceof Map) {
    return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join(',')}}`
  }
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  return isNumber(value) ? value.literal : JSON.stringify(value)
}

const isNumber = (value: JsonValue): value is { readonly literal: string } =>
  typeof value === 'object' && value !== null && 'literal' in value
