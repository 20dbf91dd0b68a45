/** A rendered element; the type keeps unescaped text from being mistaken for markup. */
export interface Xml {
  readonly markup: string
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Control characters travel as references, as S3 sends them; they are legal in keys though not in XML 1.0. */
const escaped = (text: string): string =>
  text.replace(/[&<>"\p{Cc}\uFFFE\uFFFF]/gu, (c) => ESCAPES[c] ?? `&#x${(c.codePointAt(0) ?? 0).toString(16)};`)

/** `<name>text</name>` */
export const text = (name: string, value: string | number | boolean): Xml => ({
  markup: `<${name}>${escaped(String(value))}</${name}>`,
})

/** `<name>…children…</name>`; absent children are left out. */
export const group = (name: string, ...children: readonly (Xml | undefined)[]): Xml => ({
  markup: `<${name}>${children.map((child) => child?.markup ?? '').join('')}</${name}>`,
})

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A document in S3's namespace. */
export function s3Document(name: string, ...children: readonly (Xml | undefined)[]): string {
  const inner = children.map((child) => child?.markup ?? '').join('')
  return `${DECLARATION}<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${name}>`
}

/** A document without a namespace, as S3's errors and its answers to forms are. */
export const plainDocument = (name: string, ...children: readonly Xml[]): string =>
  DECLARATION + group(name, ...children).markup
