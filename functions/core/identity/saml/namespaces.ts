import { elementsOf, textOf, type XmlElement } from '../../http/xml-reader.ts'

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'

const XML = 'http://www.w3.org/XML/1998/namespace'
const XMLNS = 'http://www.w3.org/2000/xmlns/'
/** Letters of ASCII are enough for every name that SAML has, and leave no two that look alike. */
const QNAME = /^(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)$/

/** An element with its prefixes resolved (Namespaces in XML 1.0). */
export interface Element {
  readonly namespace: string
  readonly name: string
  /** Those without a prefix, by name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  /** Its own text, without that of its children. */
  readonly text: string
}

/** The names of the document are not what Namespaces in XML allows. */
export class NamespaceError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NamespaceError'
  }
}

/** Resolves the prefixes of a document. Attributes with a prefix are none of SAML's and are left out. Throws NamespaceError. */
export function resolveNamespaces(root: XmlElement): Element {
  return resolved(root, new Map([['xml', XML]]))
}

function resolved(element: XmlElement, inherited: ReadonlyMap<string, string>): Element {
  const scope = scopeOf(element, inherited)
  const [prefix, name] = parts(element.name)
  const seen = new Set<string>()
  const attributes = new Map<string, string>()
  for (const [qname, value] of element.attributes) {
    if (qname === 'xmlns' || qname.startsWith('xmlns:')) continue
    const [attributePrefix, local] = parts(qname)
    const expanded = attributePrefix === undefined ? local : `${namespaceOf(attributePrefix, scope)} ${local}`
    if (seen.has(expanded)) throw new NamespaceError('an attribute occurs twice in one element')
    seen.add(expanded)
    if (attributePrefix === undefined) attributes.set(local, value)
  }
  return {
    namespace: prefix === undefined ? (scope.get('') ?? '') : namespaceOf(prefix, scope),
    name,
    attributes,
    children: elementsOf(element).map((child) => resolved(child, scope)),
    text: textOf(element),
  }
}

function scopeOf({ attributes }: XmlElement, inherited: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const declared = [...attributes].filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
  if (declared.length === 0) return inherited
  const scope = new Map(inherited)
  for (const [name, uri] of declared) {
    const prefix = name.slice('xmlns:'.length)
    if (prefix !== '' && !/^[A-Za-z_][\w.-]*$/.test(prefix)) throw new NamespaceError('a prefix is no name')
    if (['xml', 'xmlns'].includes(prefix) || uri === XML || uri === XMLNS) {
      throw new NamespaceError('a reserved prefix or namespace is declared')
    }
    if (prefix !== '' && uri === '') throw new NamespaceError('a prefix is undeclared')
    scope.set(prefix, uri)
  }
  return scope
}

function parts(qname: string): readonly [prefix: string | undefined, local: string] {
  const [, prefix, local] = QNAME.exec(qname) ?? []
  if (local === undefined) throw new NamespaceError('an element or attribute has no qualified name')
  return [prefix, local]
}

function namespaceOf(prefix: string, scope: ReadonlyMap<string, string>): string {
  const uri = scope.get(prefix)
  if (uri === undefined) throw new NamespaceError('a prefix is not declared')
  return uri
}

/** The child elements of that name, in order. */
export const childrenOf = (element: Element, namespace: string, name: string): readonly Element[] =>
  element.children.filter((child) => child.namespace === namespace && child.name === name)

/** The element and all below it. */
export function* descendants(element: Element): Generator<Element> {
  yield element
  for (const child of element.children) yield* descendants(child)
}

/** The text of an element and of all below it. */
export const wholeText = (element: Element): string => [...descendants(element)].map(({ text }) => text).join('')
