import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CHECKSUM_ALGORITHMS,
  ChecksumMismatch,
  checksumAlgorithmOf,
  checksummed,
  startChecksum,
  statesUnknownChecksum,
} from '../../../functions/core/checksum/checksum.ts'
import { crc32c } from '../../../functions/core/checksum/crc32c.ts'
import { crc64nvme } from '../../../functions/core/checksum/crc64nvme.ts'

/** CRC of any width, bit by bit, as its definition reads. */
function bitwise(data: Uint8Array, polynomial: bigint, width: bigint): bigint {
  const ones = (1n << width) - 1n
  let crc = ones
  for (const byte of data) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  }
  return crc ^ ones
}

describe('a checksum', () => {
  // Check values of the CRC catalogue; hashes of FIPS 180-4 implementations.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('%s of "123456789" is its published check value', (algorithm, hex) => {
    const checksum = startChecksum(algorithm)
    for (const part of ['1', '2345', '', '6789']) checksum.update(Buffer.from(part))
    expect(Buffer.from(checksum.digest(), 'base64').toString('hex')).toBe(hex)
  })

  it('agrees with the definition of its CRC, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (data, cut) => {
        const [head, tail] = [data.subarray(0, cut), data.subarray(cut)]
        expect(BigInt(crc32c(tail, crc32c(head)))).toBe(bitwise(data, 0x82f63b78n, 32n))
        expect(crc64nvme(tail, crc64nvme(head))).toBe(bitwise(data, 0x9a6c9329ac4bc9b5n, 64n))
      }),
    )
  })

  it('pads a small value', () => {
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const empty = startChecksum(algorithm).digest()
      expect([4, 8, 16, 20, 32, 64]).toContain(Buffer.from(empty, 'base64').length)
    }
    expect(startChecksum('crc64nvme').digest()).toBe('AAAAAAAAAAA=')
  })

  it.each([
    ['x-amz-checksum-crc32c', 'crc32c'],
    ['x-amz-checksum-type', undefined],
    ['x-amz-checksum-md5', 'md5'],
    ['x-amz-checksum-sha512', 'sha512'],
    ['x-amz-checksum-xxhash64', undefined],
    ['crc32c', undefined],
  ])('names of headers: %s', (header, algorithm) => expect(checksumAlgorithmOf(header)).toBe(algorithm))
})

describe('a checksum that is not built', () => {
  it.each(['x-amz-checksum-xxhash64', 'x-amz-checksum-xxhash3', 'x-amz-checksum-'])('is %s', (name) =>
    expect(statesUnknownChecksum(name)).toBe(true),
  )
  it.each(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm', 'x-amz-checksum-crc32', 'etag'])(
    'is not %s',
    (name) => expect(statesUnknownChecksum(name)).toBe(false),
  )
})

describe('checksummed', () => {
  async function* pieces() {
    yield Buffer.from('12345')
    yield Buffer.from('6789')
  }
  const read = async (stated: string | undefined) => Array.fromAsync(checksummed(pieces(), 'crc32', () => stated))

  it('passes bytes whose checksum is the stated one', async () => {
    expect(Buffer.concat(await read('y/Q5Jg==')).toString()).toBe('123456789')
  })

  it.each(['y/Q5Jh==', 'y/Q5Jg', '', undefined])('refuses %s at the end', async (stated) => {
    await expect(read(stated)).rejects.toThrow(ChecksumMismatch)
    await expect(read(stated)).rejects.toThrow('The CRC32 you specified did not match the calculated checksum.')
  })
})
