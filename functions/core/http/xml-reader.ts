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
  /** How many tags, comments and sections, so that a document of nothing else costs no more than one with text. */
  readonly markup?: number
  /**
   * `any`: character references may name characters that XML 1.0 has no place for, as S3 writes control characters of keys.
   * Default: `xml`.
   */
  readonly references?: 'xml' | 'any'
}

type References = NonNullable<XmlLimits['references']>

/** How fast-xml-parser gives a node when it keeps the order: one member named as the element, `:@` with its attributes. */
type OrderedNode = Readonly<Record<string, unknown>>

const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'
const DECLARATION =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i

const refuse = (): never => {
  throw new SyntaxError('entities are not read by the parser')
}

/** In place of the parser's own: it could expand nothing, even if what is refused before it were not. */
const NO_ENTITIES = {
  setExternalEntities: refuse,
  addInputEntities: refuse,
  decode: refuse,
  reset: () => {},
  setXmlVersion: () => {},
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  entityDecoder: NO_ENTITIES,
  processEntities: false, // expanded below: XML's own five and character references, nothing else
  cdataPropName: CDATA,
  maxNestedTags: 100,
})

/**
 * Parses untrusted XML 1.0. Document types, entities of the document's own and processing instructions are refused before
 * anything is parsed, so nothing expands and nothing is fetched; so are encodings other than UTF-8, characters outside
 * XML 1.0, deep nesting and long documents and much markup. Proves well-formedness, not validity: prefixes are not resolved, and nothing
 * is said about signatures. Throws MalformedInput.
 */
export function parseXml(
  text: string,
  { size = 1024 * 1024, depth = 32, markup = 20_000, references = 'xml' }: XmlLimits = {},
): XmlElement {
  if (text.length > size) throw malformed('is too long')
  if (holdsMoreThan(markup, text)) throw malformed('holds too much markup')
  if (!isXmlText(text)) throw malformed('holds a character that XML cannot carry')
  const bare = text
    .replace(/^\uFEFF/, '')
    .replace(DECLARATION, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
  if (/<!(?!--|\[CDATA\[)/.test(bare)) throw malformed('must not declare a document type or entities')
  if (bare.includes('<?')) throw malformed('must not hold processing instructions')
  if (XMLValidator.validate(bare) !== true) throw malformed('is not well-formed')
  const nodes = parsed(bare).filter((node) => !isBlankText(node))
  const [root] = nodes
  // The parser drops what follows the last element: nothing but white space may.
  if (!root || nodes.length > 1 || TEXT in root || CDATA in root || !/>[ \t\n]*$/.test(bare)) {
    throw malformed('needs one root element')
  }
  return toElement(root, depth, references)
}

/** Counts what begins with `<`, and no further than it must. */
function holdsMoreThan(most: number, text: string): boolean {
  let found = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) if (++found > most) return true
  return false
}

function parsed(text: string): readonly OrderedNode[] {
  try {
    return parser.parse(text) as readonly OrderedNode[]
  } catch (cause) {
    throw malformed('is not well-formed', cause)
  }
}

const isBlankText = (node: OrderedNode) => TEXT in node && !/[^ \t\n]/.test(String(node[TEXT]))

function toElement(node: OrderedNode, depth: number, references: References): XmlElement {
  if (depth === 0) throw malformed('is nested too deeply')
  const name = Object.keys(node).find((each) => each !== ATTRIBUTES) ?? ''
  const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>)
  return {
    name,
    attributes: new Map(attributes.map(([key, value]) => [key, attributeValue(value, references)])),
    children: (node[name] as readonly OrderedNode[]).map((child) => {
      if (TEXT in child) return characterData(String(child[TEXT]), references)
      if (CDATA in child) return cdataText(child)
      return toElement(child, depth - 1, references)
    }),
  }
}

const cdataText = (node: OrderedNode) =>
  (node[CDATA] as readonly OrderedNode[]).map((part) => String(part[TEXT])).join('')

function characterData(text: string, references: References): string {
  if (text.includes(']]>')) throw malformed('is not well-formed')
  return expanded(text, references)
}

function attributeValue(text: string, references: References): string {
  if (text.includes('<')) throw malformed('is not well-formed')
  return expanded(text.replace(/[\t\n]/g, ' '), references) // XML 1.0, 3.3.3
}

const PREDEFINED: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
)

/** XML's five entities and character references, once: what they give is never read again. */
function expanded(text: string, references: References): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,8});|([a-z]{1,8});)?/g, (_, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : PREDEFINED.get(name)
    if (character === undefined || (references === 'xml' && !isXmlText(character)))
      throw malformed('refers to an unknown entity or character')
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
