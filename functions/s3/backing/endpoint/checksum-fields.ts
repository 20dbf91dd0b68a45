import type { ChecksumAlgorithm as SdkAlgorithm } from '@aws-sdk/client-s3'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '@daypass/core/checksum/checksum.ts'

/** The SDK's fields for the checksums that it knows. */
const FIELDS = {
  crc32: 'ChecksumCRC32',
  crc32c: 'ChecksumCRC32C',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
} as const satisfies Partial<Record<ChecksumAlgorithm, string>>

type Field = (typeof FIELDS)[keyof typeof FIELDS]

/** Checksums by algorithm as the SDK's fields; one that it has no field for is left out. */
export const checksumFields = (checksums: Readonly<Record<string, string>>): Partial<Record<Field, string>> =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([algorithm, field]) => {
      const value = checksums[algorithm]
      return value === undefined ? [] : [[field, value]]
    }),
  )

/** The SDK's fields as checksums by algorithm. */
export const checksumsOf = (output: Partial<Record<Field, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([algorithm, field]) => {
      const value = output[field]
      return value === undefined ? [] : [[algorithm, value]]
    }),
  )

export const sdkAlgorithm = (algorithm: ChecksumAlgorithm): SdkAlgorithm | undefined =>
  Object.hasOwn(FIELDS, algorithm) ? (algorithm.toUpperCase() as SdkAlgorithm) : undefined

export const algorithmOf = (name: string | undefined): ChecksumAlgorithm | undefined =>
  CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name?.toLowerCase())
