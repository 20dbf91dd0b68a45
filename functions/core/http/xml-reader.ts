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

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[]
}

const NAME = '[\\p{L}_][\\p{L}\\p{N}\\p{M}_.:·-]*'
const ATTRIBUTE = `\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`
const START = new RegExp(`<(${NAME})((?:${ATTRIBUTE.replaceAll(/\((?!\?)/g, '(?:')})*)\\s*(/?)>`, 'uy')
const END = new RegExp(`</(${NAME})\\s*>`, 'uy')
const ATTRIBUTES = new RegExp(ATTRIBUTE, 'ug')
const DECLARATION =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i

/**
 * Parses untrusted XML 1.0, strictly and in linear time. Document types, entities of the document's own and processing
 * instructions are refused unread, so nothing expands and nothing is fetched; so are encodings other than UTF-8, characters
 * outside XML 1.0, deep nesting and long documents. Proves well-formedness, not validity: prefixes are not resolved, and
 * nothing is said about signatures. Throws MalformedInput. Ours, because fast-xml-parser takes what is not well-formed.
 */
export function parseXml(text: string, { size = 1024 * 1024, depth = 32 }: XmlLimits = {}): XmlElement {
  if (text.length > size) throw malformed('is too long')
  if (!isXmlText(text)) throw malformed('holds a character that XML cannot carry')
  const bare = text
    .replace(/^\uFEFF/, '')
    .replace(DECLARATION, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
  const document: OpenElement = { name: '', attributes: new Map(), children: [] }
  const open = [document]
  let at = 0
  while (at < bare.length) {
    const parent = open.at(-1) ?? document
    const less = bare.indexOf('<', at)
    const end = less === -1 ? bare.length : less
    if (end > at) parent.children.push(characterData(bare.slice(at, end)))
    at = end === bare.length ? end : markup(bare, end, parent, open)
    if (open.length - 1 > depth) throw malformed('is nested too deeply')
  }
  const [root, ...others] = document.children.filter((node) => typeof node !== 'string' || /[^ \t\n]/.test(node))
  if (open.length > 1 || root === undefined || typeof root === 'string' || others.length > 0) {
    throw malformed('needs one root element')
  }
  return root
}

/** Reads one piece of markup at `at` and gives the position after it. `open` holds the elements that are not closed yet. */
function markup(text: string, at: number, parent: OpenElement, open: OpenElement[]): number {
  if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4)
  if (text.startsWith('<![CDATA[', at) && open.length > 1) {
    const end = endOf(text, ']]>', at + 9)
    parent.children.push(text.slice(at + 9, end - 3))
    return end
  }
  if (text.startsWith('<!', at)) throw malformed('must not declare a document type or entities')
  if (text.startsWith('</', at)) {
    const [closing, name] = matchAt(END, text, at)
    if (name !== parent.name) throw malformed('is not well-formed')
    open.pop()
    return at + closing.length
  }
  const [tag, name = '', attributes = '', empty] = matchAt(START, text, at)
  const element: OpenElement = { name, attributes: attributesOf(attributes), children: [] }
  parent.children.push(element)
  if (empty === '') open.push(element)
  return at + tag.length
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (!match) throw malformed('is not well-formed')
  return match
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  if (end === -1) throw malformed('is not well-formed')
  return end + mark.length
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single = ''] of text.matchAll(ATTRIBUTES)) {
    if (attributes.has(name)) throw malformed('has an attribute twice')
    attributes.set(name, expanded((double ?? single).replace(/[\t\n]/g, ' '))) // XML 1.0, 3.3.3
  }
  return attributes
}

function characterData(text: string): string {
  if (text.includes(']]>')) throw malformed('is not well-formed')
  return expanded(text)
}

const PREDEFINED: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
)

/** XML's five entities and character references, once: what they give is never read again. */
function expanded(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,8});|([a-z]{1,8});)?/g, (_, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : PREDEFINED.get(name)
    if (character === undefined || !isXmlText(character)) throw malformed('refers to an unknown entity or character')
    return character
  })
}

/** The text of an element without its child elements, CDATA included. */
export const textOf = (element: XmlElement) => element.children.filter((each) => typeof each === 'string').join('')

/** The child elements, in order; with `name`, those of that name. */
export const elementsOf = (element: XmlElement, name?: string): XmlElement[] =>
  element.children.filter((each) => typeof each !== 'string').filter((each) => name === undefined || each.name === name)

const malformed = (flaw: string) => new StsError('MalformedInput', `The XML document ${flaw}`)
