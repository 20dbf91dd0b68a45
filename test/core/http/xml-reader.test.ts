import { describe, expect, it } from 'vitest'
import { elementsOf, parseXml, textOf } from '../../../functions/core/http/xml-reader.ts'
import { xmlText } from '../../../functions/core/http/xml-text.ts'

const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)

describe('parseXml', () => {
  it('gives elements, attributes and text in order', () => {
    const root = parseXml(
      '<?xml version="1.0" encoding="UTF-8"?>\n<p:r xmlns:p="u" a=\'1 "&lt;"\'>x<b/>y<!-- n --><c>z</c></p:r>\n',
    )
    expect(root).toEqual({
      name: 'p:r',
      attributes: new Map([
        ['xmlns:p', 'u'],
        ['a', '1 "<"'],
      ]),
      children: [
        'x',
        { name: 'b', attributes: new Map(), children: [] },
        'y',
        { name: 'c', attributes: new Map(), children: ['z'] },
      ],
    })
    expect(textOf(root)).toBe('xy')
    expect(elementsOf(root).map(({ name }) => name)).toEqual(['b', 'c'])
    expect(elementsOf(root, 'c')).toHaveLength(1)
  })

  it.each([
    [' kept  as it is ', ' kept  as it is '],
    ['007', '007'],
    ['true', 'true'],
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&#65;&#x42;&#13;&#x1F600;', 'AB\r😀'],
    ['&amp;lt;', '&lt;'],
    ['<![CDATA[<a>&amp;]]>&amp;', '<a>&amp;&'],
    ['a > b', 'a > b'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['a<!-- <b> & --><!---->c', 'ac'],
  ])('reads the text %s', (text, expected) => expect(textOf(parseXml(`<a>${text}</a>`))).toBe(expected))

  it('makes spaces of line ends in attributes, but not of references to them', () =>
    expect(parseXml('<a b="1\n2\t3&#10;4"/>').attributes.get('b')).toBe('1 2 3\n4'))

  it.each(['<?xml version="1.0"?><a/>', "\uFEFF<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a />"])(
    'takes the declaration of %j',
    (text) => expect(parseXml(text).name).toBe('a'),
  )

  it('reads what xmlText wrote', () => {
    const text = '\t a&b<c>"\'\r\n ]]> é😀 '
    expect(textOf(parseXml(`<a>${xmlText(text)}</a>`))).toBe(text)
  })

  it('lets no name reach a prototype', () => {
    expect(parseXml('<r><toString/><hasOwnProperty>x</hasOwnProperty></r>').children).toHaveLength(2)
    expect(() => parseXml('<__proto__ constructor="1"/>')).toThrow(expect.objectContaining({ code: 'MalformedInput' }))
    expect(({} as Record<string, unknown>).constructor).toBe(Object)
  })

  it.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['a document type in small letters', '<!doctype a><a/>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    [
      'entities that grow (billion laughs)',
      '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><l>&c;</l>',
    ],
    ['an entity declaration alone', '<a><!ENTITY x "y"></a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an unknown entity in an attribute', '<a b="&x;"/>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['a bare ampersand in an attribute', '<a b="c & d"/>'],
    ['an entity that does not end', '<a>&amp</a>'],
    ['an entity named as a property of objects', '<a>&constructor;</a>'],
    ['a reference to U+0000', '<a>&#0;</a>'],
    ['a reference to a control character', '<a>&#x1B;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference past Unicode', '<a>&#x110000;</a>'],
    ['a processing instruction', '<?xml-stylesheet href="x"?><a/>'],
    ['a processing instruction inside', '<a><?php x ?></a>'],
    ['a declaration that comes late', '<a/><?xml version="1.0"?>'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
    ['a control character', '<a>\u0001</a>'],
    ['a lone surrogate', '<a>\uD800</a>'],
    ['nothing', ''],
    ['text alone', 'hello'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['text before the root', 'x<a/>'],
    ['an element that is not closed', '<a><b></a>'],
    ['a root that is not closed', '<a><b></b>'],
    ['blank CDATA after the root', '<a/><![CDATA[ ]]>'],
    ['elements that overlap', '<a><b></a></b>'],
    ['an end without a beginning', '</a>'],
    ['a comment that is not closed', '<a><!-- </a>'],
    ['CDATA that is not closed', '<a><![CDATA[ </a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute without a value', '<a b/>'],
    ['< in an attribute', '<a b="<"/>'],
    ['a tag that is cut', '<a><b'],
    ['attributes without a space between', '<a b="1"c="2"/>'],
    ['a name that starts with a digit', '<1a/>'],
    ['an end with attributes', '<a></a b="1">'],
    ['an end of another name', '<a></A>'],
    [']]> outside CDATA', '<a>]]></a>'],
    ['CDATA after the root', '<a/><![CDATA[x]]>'],
    ['an entity after the root', '<a/>&#32;x'],
    ['version 1.1', '<?xml version="1.1"?><a/>'],
  ])('refuses %s', (_flaw, text) =>
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ name: 'StsError', code: 'MalformedInput' })),
  )

  it('says what it has against a document type', () =>
    expect(() => parseXml('<!DOCTYPE a><a/>')).toThrow('must not declare a document type or entities'))

  it.each(['<a><!-- <?php ?> --></a>', '<a><![CDATA[<!DOCTYPE a>]]></a>'])(
    'refuses %s too, rather than tell where such text is harmless',
    (text) => expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'MalformedInput' })),
  )

  it.each([
    ['depth', nested(32), nested(33), {}],
    ['depth that was asked for', nested(3), nested(4), { depth: 3 }],
    ['size', '<a>12</a>', '<a>123</a>', { size: 9 }],
    ['markup', `<a>${'<b/>'.repeat(19_998)}</a>`, `<a>${'<b/>'.repeat(19_999)}</a>`, {}],
    ['markup that was asked for', '<a><!-- --></a>', '<a><!-- --><b/></a>', { markup: 3 }],
  ])('keeps to the limit on %s', (_what, fits, exceeds, limits) => {
    expect(() => parseXml(fits, limits)).not.toThrow()
    expect(() => parseXml(exceeds, limits)).toThrow(expect.objectContaining({ code: 'MalformedInput' }))
  })

  it('does not count tags that only stand in comments and CDATA', () =>
    expect(() => parseXml('<a><!-- <b><b> --><![CDATA[<b><b>]]><c/><c/></a>', { depth: 2 })).not.toThrow())

  it.each(['<!--', '<![CDATA[', '<a b="', '<a ', '&', '<a>&#', '<a b="c" d=', '<a b="c" '])(
    'gives up at once on a megabyte of %s',
    (text) =>
      expect(() => parseXml(text.repeat(1_000_000 / text.length))).toThrow(
        expect.objectContaining({ code: 'MalformedInput' }),
      ),
  )
})
