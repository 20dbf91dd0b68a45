/** What XML 1.0 cannot carry at all (section 2.2, Char), lone surrogates included. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
/** ASCII that stands for itself: nearly all that is ever written. */
const PLAIN = /^[\t\n !#-%(-;=?-~]*$/

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;', // a parser would make a line feed of it (XML 1.0, 2.11)
}

/** Escapes a text for an element or an attribute; what XML cannot carry becomes U+FFFD. */
export function xmlText(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? '').replace(FORBIDDEN, '\uFFFD')
}

/** Whether XML 1.0 can carry a text as it is. */
export const isXmlText = (text: string) => text.search(FORBIDDEN) === -1
