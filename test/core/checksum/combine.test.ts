import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startChecksum } from '../../../functions/core/checksum/checksum.ts'
import { combinedCrc, isCombinable } from '../../../functions/core/checksum/combine.ts'

const crcOf = (algorithm: 'crc32' | 'crc32c' | 'crc64nvme', bytes: Uint8Array) => {
  const checksum = startChecksum(algorithm)
  checksum.update(bytes)
  return checksum.digest()
}

it.each(['crc32', 'crc32c', 'crc64nvme'] as const)('%s of a whole follows from those of its parts', (algorithm) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 6 }), (pieces) => {
      const parts = pieces.map((piece) => ({ value: crcOf(algorithm, piece), size: piece.length }))
      expect(combinedCrc(algorithm, parts)).toBe(crcOf(algorithm, Buffer.concat(pieces)))
    }),
    { numRuns: 50 },
  )
})

it.each(['md5', 'sha1', 'sha256', 'sha512', 'constructor'])('%s of a whole does not follow from its parts', (name) =>
  expect(isCombinable(name)).toBe(false),
)
