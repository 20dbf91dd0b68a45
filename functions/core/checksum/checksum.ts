import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32c } from './crc32c.ts'
import { crc64nvme } from './crc64nvme.ts'

/** S3's checksum algorithms, as the end of `x-amz-checksum-…` spells them. */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1', 'sha256', 'sha512'] as const

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

export interface Checksum {
  update(bytes: Uint8Array): void
  /** The big-endian value in base64, as S3 writes it. Called once, at the end. */
  digest(): string
}

/**
 * A running checksum.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function startChecksum(algorithm: ChecksumAlgorithm): Checksum {
  if (algorithm === 'md5' || algorithm === 'sha1' || algorithm === 'sha256' || algorithm === 'sha512') {
    const hash = createHash(algorithm)
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') }
  }
  if (algorithm === 'crc64nvme') {
    let crc = 0n
    return {
      update: (bytes) => {
        crc = crc64nvme(bytes, crc)
      },
      digest: () => Buffer.from(crc.toString(16).padStart(16, '0'), 'hex').toString('base64'),
    }
  }
  const next = algorithm === 'crc32' ? crc32 : crc32c
  let crc = 0
  return {
    update: (bytes) => {
      crc = next(bytes, crc)
    },
    digest: () => Buffer.from(crc.toString(16).padStart(8, '0'), 'hex').toString('base64'),
  }
}

/** The algorithm that a header or trailer name (`x-amz-checksum-crc32`) speaks of; undefined for any other name. */
export function checksumAlgorithmOf(headerName: string): ChecksumAlgorithm | undefined {
  const suffix = headerName.startsWith('x-amz-checksum-') ? headerName.slice('x-amz-checksum-'.length) : undefined
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === suffix)
}

/** Whether a header or trailer states a checksum by an algorithm that is not built: it must not pass for one that was checked. */
export function statesUnknownChecksum(name: string): boolean {
  return name.startsWith('x-amz-checksum-') && !checksumAlgorithmOf(name) && !/-(?:mode|type|algorithm)$/.test(name)
}

/** Bytes whose checksum is not the one that was stated. Names the algorithm, not the values. */
export class ChecksumMismatch extends Error {
  readonly algorithm: ChecksumAlgorithm

  constructor(algorithm: ChecksumAlgorithm) {
    super(`The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
    this.name = 'ChecksumMismatch'
    this.algorithm = algorithm
  }
}

/**
 * Passes bytes on and throws a ChecksumMismatch at their end when the checksum is not what `stated` then answers: a
 * trailer is known only after the last byte. Nothing is proven before the iteration has ended without an error.
 */
export async function* checksummed(
  source: AsyncIterable<Uint8Array>,
  algorithm: ChecksumAlgorithm,
  stated: () => string | undefined,
): AsyncGenerator<Uint8Array> {
  const checksum = startChecksum(algorithm)
  for await (const bytes of source) {
    checksum.update(bytes)
    yield bytes
  }
  if (checksum.digest() !== stated()) throw new ChecksumMismatch(algorithm)
}
