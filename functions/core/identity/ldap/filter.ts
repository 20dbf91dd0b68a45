import { FilterParser } from 'ldapts'

/** What stands for the placeholders of a filter: the user's name for `%s`, its distinguished name for `%d`. */
export interface FilterValues {
  readonly userName: string
  readonly dn?: string
}

/** A value as RFC 4515 section 3 lets it stand in a filter: it can neither end its own comparison nor match by `*`. */
export const escapeFilterValue = (value: string): string =>
  value.replace(/[*()\\\0]/g, (special) => `\\${special.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** MinIO's placeholders, all replaced in one pass: a user named `%d` is nobody else. */
export function fillFilter(template: string, { userName, dn = '' }: FilterValues): string {
  const values: Readonly<Record<string, string>> = { '%s': escapeFilterValue(userName), '%d': escapeFilterValue(dn) }
  return withPlainUtf8(template).replace(/%[sd]/g, (placeholder) => values[placeholder] ?? '')
}

/** Whether a directory will be able to read a filter, whoever asks. */
export function isFilter(template: string): boolean {
  try {
    const filled = fillFilter(template, { userName: 'a', dn: 'cn=a' })
    return filled.startsWith('(') && FilterParser.parseString(filled) !== undefined
  } catch {
    return false
  }
}

/** The attributes that a filter compares with the user's name alone: `uid` of `(uid=%s)`. */
export const attributesOfUserName = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(/\(([A-Za-z][A-Za-z0-9-]*)=%s\)/g)].map(([, attribute = '']) => attribute)),
]

/** The parser of the library takes each escaped byte for a character of its own, which is right for ASCII only. */
const withPlainUtf8 = (template: string): string =>
  template.replace(/(?:\\[89a-f][0-9a-f])+/gi, (escapes) =>
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(escapes.replaceAll('\\', ''), 'hex')),
  )
