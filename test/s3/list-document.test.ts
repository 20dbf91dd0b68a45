import { setImmediate as nextTurn } from 'node:timers/promises'
import { textOf } from '@daypass/core/http/xml-reader.ts'
import { anonymousContent } from '@daypass/core/sigv4/content.ts'
import { describe, expect, it } from 'vitest'
import { readListDocument } from '../../functions/s3/list-document.ts'
import type { Sent } from '../../functions/s3/payload.ts'

const SHAPE = { root: 'L', item: 'I', mostItems: 10, itemSize: 1024, size: 1024 * 1024 } as const

function read(document: string | Buffer, shape: Partial<Record<'mostItems' | 'size', number>> = {}) {
  async function* body() {
    yield Buffer.from(document)
  }
  const request = {
    method: 'POST',
    rawPath: '/bkt',
    rawQuery: '',
    headers: {},
    sourceIp: '192.0.2.1',
    secure: true,
    requestId: 'request-1',
    body: body(),
  }
  const readContent: Sent['readContent'] = (source) => anonymousContent({}, source)
  return readListDocument({ request, readContent }, { ...SHAPE, ...shape })
}

const itemsOf = async (document: string) => (await read(document))?.items.map(textOf)
const item = (text: string) => `<I>${text}</I>`

describe("a list's document", () => {
  it.each([
    ['nothing else', '<L><I>a</I><I>b</I></L>', ['a', 'b']],
    ['white space', '\n<L>\n  <I>a</I>\r\n\t<I\n>b</I >\n</L>\n', ['a', 'b']],
    ['a declaration and attributes', '<?xml version="1.0" encoding="UTF-8"?><L x="y"><I z="1">a</I></L>', ['a']],
    ['others before, between and after', '<L><Q/><I>a</I><Q>1</Q><I>b</I><Q/></L>', ['a', 'b']],
    ['those whose names begin alike', '<L><Is>1</Is><I>a<Is>1</Is></I><Is/></L>', ['a']],
    ['comments', '<L><!-- one --><I>a</I><!-- two --><I><!-- three -->b</I></L>', ['a', 'b']],
    ['references and sections', '<L><I>&lt;&#x61;</I><I><![CDATA[<b]]></I></L>', ['<a', '<b']],
    ['no item', '<L><Q/></L>', []],
  ])('is read with %s', async (_what, document, items) => {
    expect(await itemsOf(document)).toEqual(items)
  })

  it('is none when it is empty', async () => {
    expect(await read('')).toBeUndefined()
  })

  it('keeps what is beside the items', async () => {
    const list = await read('<L><Q>1</Q><I>a</I><I>b</I><Q>2</Q></L>')
    expect(list?.root.children.map((child) => (typeof child === 'string' ? child : child.name))).toEqual([
      'Q',
      'I',
      'Q',
    ])
  })

  it.each([
    ['an item in a comment', '<L><I>a</I><!-- <I>b</I> --></L>'],
    ['nothing but items in a comment', '<L><!--<I>a</I><I>b</I>--></L>'],
    ['a comment that begins in one item and ends in another', '<L><I>a<!-- </I><I> -->b</I></L>'],
    ['an item in a section', '<L><I>a</I><Q><![CDATA[<I>b</I>]]></Q></L>'],
    ['an item within something else', '<L><I>a</I><Q><I>b</I></Q></L>'],
    ['an item within an item', '<L><I>a<I>b</I></I></L>'],
    ['an empty item', '<L><I/><I>a</I></L>'],
    ['an item without an end', '<L><I>a</L>'],
    ['an item whose end tag has no end', '<L><I>a</I'],
    ['an end before its beginning', '<L></I><I>a</I></L>'],
    ['items about the root', '<I><L></L></I>'],
    ['another root', '<M><I>a</I></M>'],
    ['two roots', '<L><I>a</I></L><L/>'],
    ['something behind the root', '<L><I>a</I></L>b'],
    ['an item in an attribute', '<L a="<I>a</I>"><I>b</I></L>'],
    ['a document type', '<!DOCTYPE L [<!ENTITY e "x">]><L><I>a</I></L>'],
    ['a document type within an item', '<L><I><!DOCTYPE I>a</I></L>'],
    ['an entity', '<L><I>&e;</I></L>'],
    ['an item that is too long', `<L>${item('a'.repeat(1024))}</L>`],
    ['an item of too many tags', `<L>${item('<a/>'.repeat(64))}</L>`],
    ['too many items', `<L>${item('a').repeat(11)}</L>`],
    ['too much beside its items', `<L><I>a</I><Q>${'x'.repeat(16 * 1024)}</Q></L>`],
    ['too much white space between items', `<L>${`${item('a')}${' '.repeat(2000)}`.repeat(10)}</L>`],
    ['too much white space in an end tag', `<L><I>a</I${' '.repeat(1100)}></L>`],
  ])('with %s is refused', async (_what, document) => {
    await expect(read(document)).rejects.toMatchObject({ code: 'MalformedXML' })
  })

  it('that is no UTF-8 is refused', async () => {
    for (const bytes of ['3c4c3e3c493eff3c2f493e3c2f4c3e', '3c4c3eff3c2f4c3e']) {
      await expect(read(Buffer.from(bytes, 'hex'))).rejects.toMatchObject({ code: 'MalformedXML' })
    }
  })

  it('that is too long is refused', async () => {
    await expect(read('<L></L>', { size: 6 })).rejects.toMatchObject({ code: 'MaxMessageLengthExceeded' })
  })

  it('lets others have their turn while it is read', async () => {
    let turns = 0
    let over = false
    const others = async () => {
      for (; !over; turns++) await nextTurn()
    }
    const list = read(`<L>${item('a'.repeat(1000)).repeat(640)}</L>`, { mostItems: 640 })
    const done = others()
    expect((await list)?.items).toHaveLength(640)
    over = true
    await done
    expect(turns).toBeGreaterThan(15)
  })
})
