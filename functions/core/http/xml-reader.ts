import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { StsError } from '../errors.ts'
import { isXmlText } from './xml-text.ts'

/** One element as it was written: names with their prefixes, children and text in order. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (XmlElement | string)[]
}

interface XmlLimits {
  /** In characters; the caller's limit on bytes comes first. */
  readonly size?: number
  readonly depth?: number
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false, // ours below: exactly XML's five and character references
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  maxNestedTags: 1000, // our own limit, which names itself, comes first
  onDangerousProperty: (name) => name, // names end up in a Map and as plain text
})

/**
 * Parses untrusted XML. Document types, entities of the document's own and processing instructions are refused unread,
 * so nothing expands and nothing is fetched; so are other encodings than UTF-8, characters outside XML 1.0, deep nesting
 * and long documents. Proves well-formedness, not validity, and nothing about signatures. Throws MalformedInput.
 */
export function parseXml(text: string, { size = 1024 * 1024, depth = 32 }: XmlLimits = {}): XmlElement {
  if (text.length > size) throw malformed('is too long')
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw malformed('must not declare a document type or entities')
  const declaration = /^\uFEFF?<\?xml\s[^<>]*?\?>/.exec(text)?.[0] ?? ''
  if (/encoding\s*=\s*["'](?!utf-8["'])/i.test(declaration)) throw malformed('must be encoded in UTF-8')
  const rest = text.slice(declaration.length)
  if (rest.includes('<?')) throw malformed('must not hold processing instructions')
  if (!isXmlText(text)) throw malformed('holds a character that XML cannot carry')
  refuseDepth(rest, depth)
  if (XMLValidator.validate(rest) !== true) throw malformed('is not well-formed')
  const nodes = parsed(rest).flatMap(toNode)
  const [root, ...others] = nodes.filter((node) => typeof node !== 'string' || node.trim() !== '')
  if (root === undefined || typeof root === 'string' || others.length > 0) throw malformed('needs one root element')
  return root
}

function parsed(text: string): unknown[] {
  try {
    return parser.parse(text) as unknown[]
  } catch (error) {
    throw malformed('is not well-formed', error)
  }
}

const TAG = /<\/?[^<>"'!?]+(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>/y

/** Walks the markup once, before anything recursive runs, in linear time. */
function refuseDepth(text: string, most: number): void {
  let depth = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) at = endOf(text, '-->', at + 4)
    else if (text.startsWith('<![CDATA[', at)) at = endOf(text, ']]>', at + 9)
    else {
      TAG.lastIndex = at
      const [tag] = TAG.exec(text) ?? []
      if (tag === undefined) throw malformed('is not well-formed')
      if (tag.startsWith('</')) depth -= 1
      else if (!tag.endsWith('/>')) depth += 1
      if (depth > most) throw malformed('is nested too deeply')
      at += tag.length
    }
  }
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  if (end === -1) throw malformed('is not well-formed')
  return end + mark.length
}

/** fast-xml-parser's ordered form: `{ name: children, ':@': attributes }`, `{ '#text': text }`, `{ '#cdata': [{ '#text' }] }`. */
function toNode(node: unknown): (XmlElement | string)[] {
  const { ':@': attributes = {}, ...named } = node as { ':@'?: Record<string, string> } & Record<string, unknown>
  const [entry] = Object.entries(named)
  if (!entry) return []
  const [name, content] = entry
  if (name === '#text') return [expanded(String(content))]
  if (name === '#cdata') return [(content as { '#text': string }[]).map((each) => each['#text']).join('')]
  return [
    {
      name,
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, expanded(value)])),
      children: (content as unknown[]).flatMap(toNode),
    },
  ]
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function expanded(text: string): string {
  return text.replace(/&([^;]{0,12}(?:;|$))?/g, (_, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? ''
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) ?? []
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const character = Number.isNaN(code) || code > 0x10ffff ? PREDEFINED[name] : String.fromCodePoint(code)
    if (character === undefined || !reference?.endsWith(';') || !isXmlText(character)) {
      throw malformed('refers to an unknown entity or character')
    }
    return character
  })
}

/** The text of an element without its child elements, CDATA included. */
export const textOf = (element: XmlElement) => element.children.filter((each) => typeof each === 'string').join('')

/** The child elements, in order; with `name`, those of that name. */
export const elementsOf = (element: XmlElement, name?: string): XmlElement[] =>
  element.children.filter((each) => typeof each !== 'string').filter((each) => name === undefined || each.name === name)

const malformed = (flaw: string, cause?: unknown) =>
  new StsError('MalformedInput', `The XML document ${flaw}`, { cause })
