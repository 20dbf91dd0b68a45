import { describe, expect, it } from 'vitest'
import { isXmlText, xmlText } from '../../../functions/core/http/xml-text.ts'

describe('xmlText', () => {
  it.each([
    ['plain', 'plain'],
    ['a&b<c>d"e\'f', 'a&amp;b&lt;c&gt;d&quot;e&apos;f'],
    [']]>', ']]&gt;'],
    ['line\r\nfeed\ttab', 'line&#xD;\nfeed\ttab'],
    ['nul\u0000 bell\u0007 vt\u000B escape\u001B', 'nul\uFFFD bell\uFFFD vt\uFFFD escape\uFFFD'],
    ['\uFFFE\uFFFF', '\uFFFD\uFFFD'],
    ['lone \uD800 and \uDC00 lone', 'lone \uFFFD and \uFFFD lone'],
    ['😀 é \u007F\u0085', '😀 é \u007F\u0085'],
  ])('writes %j as %j', (text, expected) => {
    expect(xmlText(text)).toBe(expected)
    expect(isXmlText(xmlText(text))).toBe(true)
  })
})
