import { CHECKSUM_ALGORITHMS } from '@daypass/core/checksum/checksum.ts'
import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { text, type Xml } from './xml.ts'

const elementName = (algorithm: string) => `Checksum${algorithm.toUpperCase()}`

/** Checksums as elements of an answer, `ChecksumCRC32` and so on. */
export const checksumElements = (checksums: Readonly<Record<string, string>>): Xml[] =>
  Object.entries(checksums).map(([algorithm, value]) => text(elementName(algorithm), value))

/** The checksums among an element's children. */
export const checksumsIn = (element: XmlElement): Readonly<Record<string, string>> =>
  Object.fromEntries(
    CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
      const [found] = elementsOf(element, elementName(algorithm))
      return found ? [[algorithm, textOf(found).trim()] as const] : []
    }),
  )
