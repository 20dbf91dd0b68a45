import { parseXml, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import type { Call } from './call.ts'
import { S3Error } from './errors.ts'
import { readUpload, type Sent } from './payload.ts'

interface Limits {
  /** In bytes. */
  readonly size?: number
  /** Of tags. */
  readonly markup?: number
}

/** Larger than any document that most operations take, and parsed before anybody else notices. */
const MAX_BYTES = 128 * 1024

/**
 * Reads the call's body, as it was signed, into memory.
 * @throws S3Error MaxMessageLengthExceeded, and what reading the body throws
 */
export async function readSmallBody(call: Sent, most = MAX_BYTES): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of readUpload(call).content) {
    size += piece.length
    if (size > most) throw new S3Error('MaxMessageLengthExceeded')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/**
 * Reads the call's body, as it was signed, as an XML document within the limits; `undefined` when it is empty.
 * @throws S3Error MaxMessageLengthExceeded, MalformedXML when it is no such document, and what reading the body throws
 */
export async function readDocument(
  call: Call,
  rootName: string,
  { size = MAX_BYTES }: Pick<Limits, 'size'> = {},
): Promise<XmlElement | undefined> {
  const bytes = await readSmallBody(call, size)
  if (bytes.length === 0) return undefined
  const root = parseDocument(bytes, { size })
  if (root.name !== rootName) throw new S3Error('MalformedXML')
  return root
}

/** @throws S3Error MalformedXML */
export function parseDocument(bytes: Buffer, limits: Limits = {}): XmlElement {
  try {
    return parseXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), limits)
  } catch (cause) {
    throw new S3Error('MalformedXML', { cause })
  }
}
