import { inflateSync } from 'node:zlib'
import decodeQR from 'qr/decode.js'
import { describe, expect, it } from 'vitest'
import { qrPng } from '../../functions/iam/qr-png.ts'

/** Reads a PNG of one bit per pixel back as RGBA. */
function pixels(png: Buffer) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const at = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  const stride = 1 + Math.ceil(width / 8)
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = ((rows[y * stride + 1 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1
      data.set([bit * 255, bit * 255, bit * 255, 255], (y * width + x) * 4)
    }
  }
  return { width, height, data }
}

describe('the picture of a QR code', () => {
  it.each(['otpauth://totp/Daypass:a%40000000000000?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Daypass', 'x'])(
    'says %s to a scanner',
    (text) => expect(decodeQR(pixels(qrPng(text)))).toBe(text),
  )

  it('is a PNG', () => {
    const png = qrPng('x')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.subarray(-8, -4).toString()).toBe('IEND')
  })
})
