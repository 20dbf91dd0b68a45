/** One attribute of a relative distinguished name; the type in lower case, the value as it is, without escapes. */
export interface AttributeValue {
  readonly type: string
  readonly value: string
  /** The value is the hexadecimal form of its BER encoding, `#` first (RFC 4514 section 2.4), and is kept as that. */
  readonly encoded?: true
}

/** A distinguished name, the leaf first; an RDN may have several attributes, in the order of their texts. */
export type DistinguishedName = readonly (readonly AttributeValue[])[]

/** A text that is no distinguished name. */
export class NotDistinguishedName extends Error {
  constructor() {
    super('the text is no distinguished name')
    this.name = 'NotDistinguishedName'
  }
}

const MOST_CHARACTERS = 2048
/** A keyword or a dotted-decimal object identifier (RFC 4512 section 1.4). */
const TYPE = /^(?:[a-z][a-z0-9-]*|(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+)$/i
const SPECIAL = new Set([...' "#+,;<=>\\'])

/** Reads the string form of RFC 4514. Proves its syntax, not that there is such an entry. Throws NotDistinguishedName. */
export function parseDn(text: string): DistinguishedName {
  if (text.length > MOST_CHARACTERS) throw new NotDistinguishedName()
  if (text.trim() === '') return []
  return splitUnescaped(text, ',').map((rdn) => splitUnescaped(rdn, '+').map(parseAttribute).sort(byText))
}

/** The one text of a name: types in lower case, no space around the parts, RDNs in order, RFC 4514's escapes and no others. */
export const renderDn = (dn: DistinguishedName): string => dn.map((rdn) => rdn.map(renderAttribute).join('+')).join(',')

/** `parseDn`, rendered. Throws NotDistinguishedName. */
export const normalizeDn = (text: string): string => renderDn(parseDn(text))

/** Parts of a text between separators that no backslash is before. */
export function splitUnescaped(text: string, separator: ',' | '+' | ';'): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === separator) parts.push('')
    else parts[parts.length - 1] += character === '\\' ? character + (text[++at] ?? '') : character
  }
  return parts
}

function parseAttribute(text: string): AttributeValue {
  const equals = text.indexOf('=')
  const type = text.slice(0, Math.max(0, equals)).trim().toLowerCase()
  if (!TYPE.test(type)) throw new NotDistinguishedName()
  const raw = text.slice(equals + 1)
  const hexadecimal = raw.trim()
  if (hexadecimal.startsWith('#')) {
    if (!/^#(?:[0-9a-f]{2})+$/i.test(hexadecimal)) throw new NotDistinguishedName()
    return { type, value: hexadecimal.toLowerCase(), encoded: true }
  }
  return { type, value: unescaped(raw) }
}

/** Spaces around a value are no part of it, unless they are escaped. */
function unescaped(raw: string): string {
  const bytes: Buffer[] = []
  let spaces = 0
  for (let at = Math.max(0, raw.search(/[^ ]/)); at < raw.length; at++) {
    const character = String.fromCodePoint(raw.codePointAt(at) ?? 0)
    if (character === ' ') {
      spaces++
      continue
    }
    bytes.push(Buffer.alloc(spaces, ' '))
    spaces = 0
    if (character === '\\') {
      const { byte, length } = escapedByte(raw.slice(at + 1, at + 3))
      bytes.push(byte)
      at += length
    } else {
      // The separators of a name are gone by now; the others may not stand alone (RFC 4514 section 3, stringchar).
      if ('"+,;<>\0'.includes(character)) throw new NotDistinguishedName()
      bytes.push(Buffer.from(character, 'utf8'))
      at += character.length - 1
    }
  }
  return decodeUtf8(Buffer.concat(bytes))
}

function escapedByte(pair: string): { readonly byte: Buffer; readonly length: number } {
  const [special = ''] = pair
  if (SPECIAL.has(special)) return { byte: Buffer.from(special), length: 1 }
  if (!/^[0-9a-f]{2}$/i.test(pair)) throw new NotDistinguishedName()
  return { byte: Buffer.from(pair, 'hex'), length: 2 }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new NotDistinguishedName()
  }
}

function renderAttribute({ type, value, encoded }: AttributeValue): string {
  if (encoded) return `${type}=${value}`
  const escaped = value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!^\\) $/, '\\ ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
    .replace(/[\x00-\x1f\x7f]/g, (control) => `\\${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `${type}=${escaped}`
}

const byText = (a: AttributeValue, b: AttributeValue) => (renderAttribute(a) < renderAttribute(b) ? -1 : 1)
