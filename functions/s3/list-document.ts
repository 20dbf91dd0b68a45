import { setImmediate as nextTurn } from 'node:timers/promises'
import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { S3Error } from './errors.ts'
import type { Sent } from './payload.ts'
import { parseDocument, readSmallBody } from './request-document.ts'

/** What a list's document looks like, and how much of it there may be. */
interface ListShape {
  readonly root: string
  /** The name of an item, as it is written; the root's other children are few. */
  readonly item: string
  readonly mostItems: number
  /** Of an item, in bytes. */
  readonly itemSize: number
  /** Of the whole, in bytes. */
  readonly size: number
}

interface ListDocument {
  readonly items: readonly XmlElement[]
  /** The root; in place of its items it has some empty elements. */
  readonly root: XmlElement
}

/** Of the document without its items, in bytes. */
const MAX_FRAME_BYTES = 16 * 1024
/** Tags of one item. */
const MAX_ITEM_MARKUP = 64
/** White space between items. */
const MAX_BLANK_BYTES = 256
/** How much is parsed before others have their turn, in bytes. */
const BYTES_IN_A_TURN = 32 * 1024

const malformed = () => new S3Error('MalformedXML')

/**
 * Reads the call's body, as it was signed, as an XML document that is a long list; `undefined` when it is empty. Items are parsed
 * one by one, with turns for others between: parsed at once, megabytes that anybody may send who has a signature would hold up
 * every other request. Comments and sections that hold what looks like an item, or its end, are refused.
 * @throws S3Error MaxMessageLengthExceeded, MalformedXML when it is no such document, and what reading the body throws
 */
export async function readListDocument(call: Sent, shape: ListShape): Promise<ListDocument | undefined> {
  const bytes = await readSmallBody(call, shape.size)
  if (bytes.length === 0) return undefined
  const { frame, runs, ranges } = parseFrame(bytes, shape)
  const root = parseDocument(frame)
  // Otherwise some lie in a comment or deeper within: there they are no items.
  if (root.name !== shape.root || elementsOf(root, shape.item).length !== runs) throw malformed()
  const items: XmlElement[] = []
  let left = BYTES_IN_A_TURN
  for (const [start, end] of ranges) {
    items.push(parseDocument(bytes.subarray(start, end), { size: shape.itemSize, markup: MAX_ITEM_MARKUP }))
    left -= end - start
    if (left > 0) continue
    await nextTurn()
    left = BYTES_IN_A_TURN
  }
  return { items, root }
}

/** The document with an empty element in place of each run of items, how many runs, and where the items are. */
function parseFrame(bytes: Buffer, { item, mostItems, itemSize }: ListShape) {
  const ranges: (readonly [start: number, end: number])[] = []
  const pieces: Buffer[] = []
  let runs = 0
  let from = 0
  const next = () => nextTag(bytes, `<${item}`, from, MAX_FRAME_BYTES)
  for (let start = next(); start >= 0; start = next()) {
    const gap = bytes.subarray(from, start)
    if (ranges.length === 0 || !isBlank(gap)) {
      pieces.push(gap, Buffer.from(`<${item}/>`))
      runs++
    }
    from = endOfItem(bytes, item, start, itemSize)
    if (ranges.push([start, from]) > mostItems) throw malformed()
  }
  pieces.push(bytes.subarray(from))
  if (pieces.reduce((sum, { length }) => sum + length, 0) > MAX_FRAME_BYTES) throw malformed()
  return { frame: Buffer.concat(pieces), runs, ranges }
}

const BLANKS: ReadonlySet<number | undefined> = new Set(Buffer.from(' \t\r\n'))
const AFTER_NAME: ReadonlySet<number | undefined> = new Set([...BLANKS, ...Buffer.from('/>')])
const CLOSE = Buffer.from('>')

const isBlank = (bytes: Buffer) => bytes.length <= MAX_BLANK_BYTES && bytes.every((byte) => BLANKS.has(byte))

/** Where the next such tag begins, not one whose name only begins alike, or -1. It is looked for no further than so far. */
function nextTag(bytes: Buffer, tag: string, from: number, within: number): number {
  const near = bytes.subarray(from, from + within)
  let at = near.indexOf(tag)
  while (at >= 0 && !AFTER_NAME.has(near[at + tag.length])) at = near.indexOf(tag, at + tag.length)
  return at < 0 ? at : from + at
}

/** Where the end tag of an item that begins there ends. @throws S3Error MalformedXML */
function endOfItem(bytes: Buffer, item: string, start: number, itemSize: number): number {
  const tag = nextTag(bytes, `</${item}`, start, itemSize)
  const end = tag < 0 ? -1 : bytes.indexOf(CLOSE, tag)
  if (end < 0) throw malformed()
  return end + 1
}
