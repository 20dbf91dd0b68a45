import { isUtf8 } from 'node:buffer'
import { StsError } from '../../errors.ts'
import { parseXml } from '../../http/xml-reader.ts'
import { type Element, NamespaceError, resolveNamespaces } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'

/** `SAMLAssertion` as it was sent: line breaks among the characters are what mail and shells make of it. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const DEPTH = 24
/**
 * Opening and closing: more than a response of 100,000 characters in base64 has room for when its elements have
 * SAML's names. Empty ones with short names would cost seconds, before anything is known of who sends them.
 */
const MOST_TAGS = 5_000

/** The XML text inside base64: valid UTF-8, with line ends as XML has them. Throws InvalidIdentityToken. */
export function decodeResponse(unverifiedBase64: string): string {
  const compact = unverifiedBase64.replace(/[\r\n\t ]+/g, '')
  if (!BASE64.test(compact)) throw invalidAssertion('it is no base64')
  const bytes = Buffer.from(compact, 'base64')
  if (!isUtf8(bytes)) throw invalidAssertion('it is no valid UTF-8')
  return bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
}

/**
 * Parses XML of an identity provider more strictly than XML is. No signed message has comments or CDATA sections, on
 * which parsers disagree, or a document type. Proves well-formedness; about signatures it says nothing. Throws
 * InvalidIdentityToken.
 */
export function parseMessage(text: string): Element {
  if (text.includes('<!')) {
    throw invalidAssertion('it has a comment, a CDATA section or a document type, which no signed message needs')
  }
  if (text.split('<', MOST_TAGS + 2).length > MOST_TAGS + 1) throw invalidAssertion('it has too many elements')
  try {
    return resolveNamespaces(parseXml(text, { depth: DEPTH }))
  } catch (error) {
    if (error instanceof NamespaceError) throw invalidAssertion(error.message)
    if (error instanceof StsError) throw invalidAssertion(error.message.replace('The XML document', 'its XML'))
    throw error
  }
}
