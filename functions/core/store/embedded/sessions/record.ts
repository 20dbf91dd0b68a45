import { crc32 } from 'node:zlib'

/**
 * One version of a row, or the mark that it was removed (`body` undefined). Little endian:
 *
 *      0  u32  CRC-32 of all that follows
 *      4  u16  MAGIC, whose 0xff never occurs in UTF-8, so no text inside a record can pass for a record
 *      6  u16  bytes of the key
 *      8  u32  bytes of the body; REMOVED for a removal
 *     12  f64  sequence: of two versions of a row the higher one is the newer
 *     20       key and body, in UTF-8
 */
export interface SessionRecord {
  readonly sequence: number
  readonly pk: string
  readonly body: string | undefined
}

const HEADER_BYTES = 20
const MAGIC = 0xffd9
const MAGIC_BYTES = Buffer.from([0xd9, 0xff])
const REMOVED = 0xffffffff

let scratch = Buffer.alloc(64 * 1024)

/** The record's bytes, good until the next call. */
export function encodeRecord({ sequence, pk, body }: SessionRecord): Buffer {
  const atMost = HEADER_BYTES + 3 * (pk.length + (body?.length ?? 0))
  if (scratch.length < atMost) scratch = Buffer.alloc(atMost)
  const keyBytes = scratch.write(pk, HEADER_BYTES)
  const bodyBytes = body === undefined ? 0 : scratch.write(body, HEADER_BYTES + keyBytes)
  const end = HEADER_BYTES + keyBytes + bodyBytes
  scratch.writeUInt16LE(MAGIC, 4)
  scratch.writeUInt16LE(keyBytes, 6)
  scratch.writeUInt32LE(body === undefined ? REMOVED : bodyBytes, 8)
  scratch.writeDoubleLE(sequence, 12)
  scratch.writeUInt32LE(crc32(scratch.subarray(4, end)), 0)
  return scratch.subarray(0, end)
}

/** How many bytes the record at `at` takes; 0 when there is no whole, undamaged record there. */
export function recordLength(bytes: Buffer, at: number): number {
  if (at + HEADER_BYTES > bytes.length || bytes.readUInt16LE(at + 4) !== MAGIC) return 0
  const bodyBytes = bytes.readUInt32LE(at + 8)
  const length = HEADER_BYTES + bytes.readUInt16LE(at + 6) + (bodyBytes === REMOVED ? 0 : bodyBytes)
  if (at + length > bytes.length) return 0
  return crc32(bytes.subarray(at + 4, at + length)) === bytes.readUInt32LE(at) ? length : 0
}

/** Reads a record that `recordLength` found. */
export function decodeRecord(bytes: Buffer, at: number): SessionRecord {
  const keyEnd = at + HEADER_BYTES + bytes.readUInt16LE(at + 6)
  const bodyBytes = bytes.readUInt32LE(at + 8)
  return {
    sequence: bytes.readDoubleLE(at + 12),
    pk: bytes.toString('utf8', at + HEADER_BYTES, keyEnd),
    body: bodyBytes === REMOVED ? undefined : bytes.toString('utf8', keyEnd, keyEnd + bodyBytes),
  }
}

/** Where the next whole record begins, from `at` on; undefined when none does. */
export function nextRecord(bytes: Buffer, at: number): number | undefined {
  for (let magic = bytes.indexOf(MAGIC_BYTES, at + 4); magic !== -1; magic = bytes.indexOf(MAGIC_BYTES, magic + 1)) {
    if (recordLength(bytes, magic - 4) > 0) return magic - 4
  }
  return undefined
}
