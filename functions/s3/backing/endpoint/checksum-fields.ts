import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '@daypass/core/checksum/checksum.ts'
import type { XmlElement } from '@daypass/core/http/xml-reader.ts'
import { text, type Xml } from '../../xml.ts'
import { textIn } from './answer.ts'

/** Asks for the checksums of what is read. */
export const WITH_CHECKSUMS = { 'x-amz-checksum-mode': 'ENABLED' }

/** Elements of the checksums that stores know. */
const ELEMENTS = {
  crc32: 'ChecksumCRC32',
  crc32c: 'ChecksumCRC32C',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
} as const satisfies Partial<Record<ChecksumAlgorithm, string>>

type Checksums = Readonly<Record<string, string>>

const KNOWN = Object.entries(ELEMENTS)

const collected = (find: (algorithm: string, element: string) => string | undefined): Checksums =>
  Object.fromEntries(
    KNOWN.flatMap(([algorithm, element]) => {
      const value = find(algorithm, element)
      return value === undefined ? [] : [[algorithm, value]]
    }),
  )

/** Checksums by algorithm as headers; one that stores do not know is left out. */
export const checksumHeaders = (checksums: Checksums): Checksums =>
  Object.fromEntries(
    KNOWN.flatMap(([algorithm]) => {
      const value = checksums[algorithm]
      return value === undefined ? [] : [[`x-amz-checksum-${algorithm}`, value]]
    }),
  )

/** The checksums that an answer's headers tell, by algorithm. */
export const headerChecksums = (headers: Readonly<Record<string, string>>): Checksums =>
  collected((algorithm) => headers[`x-amz-checksum-${algorithm}`])

/** Checksums by algorithm as elements of a document. */
export const checksumElements = (checksums: Checksums): Xml[] =>
  KNOWN.flatMap(([algorithm, element]) => {
    const value = checksums[algorithm]
    return value === undefined ? [] : [text(element, value)]
  })

/** The checksums that an element of a document tells. */
export const elementChecksums = (parent: XmlElement): Checksums =>
  collected((_algorithm, element) => textIn(parent, element))

/** The algorithm as stores write its name; `undefined` for one that they do not know. */
export const storeAlgorithm = (algorithm: ChecksumAlgorithm): string | undefined =>
  Object.hasOwn(ELEMENTS, algorithm) ? algorithm.toUpperCase() : undefined

export const algorithmOf = (name: string | undefined): ChecksumAlgorithm | undefined =>
  CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name?.toLowerCase())
