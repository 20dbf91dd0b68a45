/** The polynomial of NVM Express (NVM Command Set Specification 1.0, 5.2.1.3.4), reflected. */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n

/** Eight tables of low and high halves, so that eight bytes are folded at a time without BigInt. */
const { LOW, HIGH } = tables()

function tables() {
  const low = new Uint32Array(8 * 256)
  const high = new Uint32Array(8 * 256)
  const values: bigint[] = []
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n
    values.push(crc)
  }
  for (let index = 256; index < 8 * 256; index++) {
    const previous = values[index - 256] ?? 0n
    values.push((previous >> 8n) ^ (values[Number(previous & 0xffn)] ?? 0n))
  }
  for (const [index, value] of values.entries()) {
    low[index] = Number(value & 0xffffffffn)
    high[index] = Number(value >> 32n)
  }
  return { LOW: low, HIGH: high }
}

/** CRC-64/NVME of `data`, continued from `crc` (0n to begin), as an unsigned number. */
export function crc64nvme(data: Uint8Array, crc = 0n): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let low = ~Number(crc & 0xffffffffn)
  let high = ~Number(crc >> 32n)
  let index = 0
  for (; index + 8 <= data.length; index += 8) {
    const first = low ^ view.getUint32(index, true)
    const second = high ^ view.getUint32(index + 4, true)
    low = 0
    high = 0
    for (let byte = 0; byte < 4; byte++) {
      const near = (7 - byte) * 256 + ((first >>> (8 * byte)) & 0xff)
      const far = (3 - byte) * 256 + ((second >>> (8 * byte)) & 0xff)
      low ^= (LOW[near] as number) ^ (LOW[far] as number)
      high ^= (HIGH[near] as number) ^ (HIGH[far] as number)
    }
  }
  for (; index < data.length; index++) {
    const entry = (low ^ view.getUint8(index)) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (LOW[entry] as number)
    high = (high >>> 8) ^ (HIGH[entry] as number)
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)
}
