/** Castagnoli's polynomial, reflected (RFC 9260 appendix A). */
const POLYNOMIAL = 0x82f63b78

/** Eight tables, so that eight bytes are folded at a time ("slicing by 8"). */
const TABLES = tables()

function tables(): Int32Array {
  const all = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
    all[byte] = crc
  }
  for (let index = 256; index < all.length; index++) {
    const previous = all[index - 256] as number
    all[index] = (previous >>> 8) ^ (all[previous & 0xff] as number)
  }
  return all
}

/** CRC-32C of `data`, continued from `crc` (0 to begin), as an unsigned number. */
export function crc32c(data: Uint8Array, crc = 0): number {
  const table = TABLES
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const whole = data.length - (data.length % 8)
  let value = ~crc
  for (let index = 0; index < whole; index += 8) {
    const low = value ^ view.getInt32(index, true)
    const high = view.getInt32(index + 4, true)
    value =
      (table[1792 + (low & 0xff)] as number) ^
      (table[1536 + ((low >>> 8) & 0xff)] as number) ^
      (table[1280 + ((low >>> 16) & 0xff)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (high & 0xff)] as number) ^
      (table[512 + ((high >>> 8) & 0xff)] as number) ^
      (table[256 + ((high >>> 16) & 0xff)] as number) ^
      (table[high >>> 24] as number)
  }
  for (let index = whole; index < data.length; index++) {
    value = (value >>> 8) ^ (table[(value ^ (data[index] as number)) & 0xff] as number)
  }
  return ~value >>> 0
}
