/** Castagnoli's polynomial, reflected (RFC 9260 appendix A). */
const POLYNOMIAL = 0x82f63b78

/** Eight tables, so that eight bytes are folded at a time ("slicing by 8"). */
const TABLES = tables()

function tables(): Uint32Array {
  const all = new Uint32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
    all[byte] = crc
  }
  for (let index = 256; index < all.length; index++) {
    const previous = all[index - 256] ?? 0
    all[index] = (previous >>> 8) ^ (all[previous & 0xff] ?? 0)
  }
  return all
}

/** CRC-32C of `data`, continued from `crc` (0 to begin), as an unsigned number. */
export function crc32c(data: Uint8Array, crc = 0): number {
  const at = (table: number, byte: number) => TABLES[table * 256 + (byte & 0xff)] as number
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let value = ~crc
  let index = 0
  for (; index + 8 <= data.length; index += 8) {
    const low = value ^ view.getUint32(index, true)
    const high = view.getUint32(index + 4, true)
    value =
      at(7, low) ^
      at(6, low >>> 8) ^
      at(5, low >>> 16) ^
      at(4, low >>> 24) ^
      at(3, high) ^
      at(2, high >>> 8) ^
      at(1, high >>> 16) ^
      at(0, high >>> 24)
  }
  for (; index < data.length; index++) value = (value >>> 8) ^ at(0, value ^ view.getUint8(index))
  return ~value >>> 0
}
