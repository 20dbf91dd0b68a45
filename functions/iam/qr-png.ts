import { crc32, deflateSync } from 'node:zlib'
import encodeQR from 'qr'

/** Pixels of one module's side. */
const SCALE = 6
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** A text as a QR code in a PNG image of one bit per pixel (ISO/IEC 15948), with the quiet zone that scanners need. */
export function qrPng(text: string): Buffer {
  const modules = encodeQR(text, 'raw', { border: 4 })
  const size = modules.length * SCALE
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header[8] = 1 // bits per pixel; the other fields are 0: greyscale, the only compression and filter, not interlaced
  const rows = modules.flatMap((row) => Array<Buffer>(SCALE).fill(pixelRow(row)))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND'),
  ])
}

/** The filter byte 0 and the row's pixels, from the highest bit on; a set bit is white. */
function pixelRow(modules: readonly boolean[]): Buffer {
  const row = Buffer.alloc(1 + Math.ceil((modules.length * SCALE) / 8))
  for (let x = 0; x < modules.length * SCALE; x++) {
    if (!modules[Math.floor(x / SCALE)]) row[1 + (x >> 3)] = (row[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7))
  }
  return row
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
