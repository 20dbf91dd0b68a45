/** CRCs whose value over a whole can be worked out from those of its parts. */
export type CombinableAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme'

/** Width in bits and reflected polynomial of each. */
const CRCS: Readonly<Record<CombinableAlgorithm, { readonly width: number; readonly polynomial: bigint }>> = {
  crc32: { width: 32, polynomial: 0xedb88320n },
  crc32c: { width: 32, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
}

export const isCombinable = (algorithm: string): algorithm is CombinableAlgorithm => Object.hasOwn(CRCS, algorithm)

/**
 * The CRC of a content from the CRCs (base64, as S3 writes them) and lengths in bytes of its parts, in order: each part
 * multiplies what came before by x to the power of its bits, modulo the polynomial (zlib's crc32_combine).
 */
export function combinedCrc(
  algorithm: CombinableAlgorithm,
  parts: readonly { readonly value: string; readonly size: number }[],
): string {
  const { width, polynomial } = CRCS[algorithm]
  const one = 1n << BigInt(width - 1)

  /** Product of two reflected polynomials: the highest bit stands for x to the power of 0. */
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n
    let shifted = b
    for (let bit = one; bit > 0n; bit >>= 1n) {
      if (a & bit) product ^= shifted
      shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
    }
    return product
  }
  const power = (exponent: number): bigint => {
    let result = one
    let base = one >> 1n
    for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
      if (left & 1n) result = multiply(result, base)
      base = multiply(base, base)
    }
    return result
  }

  const factors = new Map<number, bigint>()
  let crc = 0n
  for (const { value, size } of parts) {
    const factor = factors.get(size) ?? power(size * 8)
    factors.set(size, factor)
    crc = multiply(factor, crc) ^ BigInt(`0x${Buffer.from(value, 'base64').toString('hex')}`)
  }
  return Buffer.from(crc.toString(16).padStart(width / 4, '0'), 'hex').toString('base64')
}
