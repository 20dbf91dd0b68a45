import { createHash } from 'node:crypto'
import { type ChecksumAlgorithm, startChecksum } from '@daypass/core/checksum/checksum.ts'
import { combinedCrc, isCombinable } from '@daypass/core/checksum/combine.ts'
import { S3Error } from '../../errors.ts'
import type { ChecksumType } from '../port.ts'
import type { Completion, NamedPart, PendingUpload, UploadChecksum } from '../uploads-port.ts'
import type { PartRecord } from './upload-record.ts'

/** The least that every part but the last must hold (S3 user guide, "multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 ** 2

/** What a multipart object comes to. */
export interface Assembled {
  readonly size: number
  readonly etag: string
  readonly checksums: Readonly<Record<string, string>>
  readonly checksumType?: ChecksumType
  readonly parts: readonly PartRecord[]
}

const invalid = (message: string) => new S3Error('InvalidRequest', { message })

/**
 * Proves that the parts that a completion names, in order, are parts that there are, and works out what they make together.
 * @throws S3Error InvalidPart, EntityTooSmall, BadDigest, InvalidRequest
 */
export function assemble(
  upload: PendingUpload,
  stored: ReadonlyMap<number, PartRecord>,
  completion: Completion,
): Assembled {
  const parts = completion.parts.map((named) => verifyPart(upload, stored.get(named.number), named))
  for (const { part } of parts.slice(0, -1)) {
    if (part.size >= MIN_PART_BYTES) continue
    throw new S3Error('EntityTooSmall', {
      elements: {
        ETag: part.etag,
        MinSizeAllowed: String(MIN_PART_BYTES),
        ProposedSize: String(part.size),
        PartNumber: String(part.number),
      },
    })
  }
  const size = parts.reduce((sum, { part }) => sum + part.size, 0)
  if (completion.size !== undefined && completion.size !== size) {
    throw invalid("The provided 'x-amz-mp-object-size' header does not match what was computed.")
  }
  const md5 = createHash('md5')
  for (const { part } of parts) md5.update(Buffer.from(part.etag, 'hex'))
  return { size, etag: `${md5.digest('hex')}-${parts.length}`, ...wholeChecksum(upload, parts, completion), parts }
}

function verifyPart({ uploadId }: PendingUpload, record: PartRecord | undefined, named: NamedPart): PartRecord {
  const differs = Object.entries(named.checksums).some(([name, value]) => record?.part.checksums[name] !== value)
  if (record && record.part.etag === named.etag && !differs) return record
  throw new S3Error('InvalidPart', {
    elements: { UploadId: uploadId, PartNumber: String(named.number), ETag: named.etag },
  })
}

/** The checksum that the upload promised, compared with what the sender says; else what the sender says, if it can be proven. */
function wholeChecksum({ checksum }: PendingUpload, parts: readonly PartRecord[], completion: Completion) {
  if (checksum && completion.checksumType !== undefined && completion.checksumType !== checksum.type) {
    throw invalid(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    )
  }
  const [[claimed, value] = []] = Object.entries(completion.checksums)
  const proven = checksum ?? provable(claimed, parts)
  if (claimed !== undefined && claimed !== proven?.algorithm) {
    throw invalid('The checksum that was sent with the request is not one that this upload has.')
  }
  if (!proven) return { checksums: {} }
  if (checksum?.type === 'COMPOSITE' && !completion.partsProven) {
    const bare = completion.parts.find(({ checksums }) => checksums[checksum.algorithm] === undefined)
    if (bare) {
      throw invalid(
        `The upload was created using a ${checksum.algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${bare.number} in the request.`,
      )
    }
  }
  const whole = checksumOf(proven, parts)
  if (value !== undefined && value !== whole && value !== whole.replace(/-\d+$/, '')) {
    throw new S3Error('BadDigest', {
      message: `The ${proven.algorithm} you specified did not match the calculated checksum.`,
    })
  }
  return { checksums: { [proven.algorithm]: whole }, checksumType: proven.type }
}

/** A CRC of the whole can be worked out when every part has it. */
function provable(algorithm: string | undefined, parts: readonly PartRecord[]): UploadChecksum | undefined {
  if (algorithm === undefined || !isCombinable(algorithm)) return undefined
  const known = parts.every(({ part }) => part.checksums[algorithm] !== undefined)
  return known ? { algorithm, type: 'FULL_OBJECT' } : undefined
}

function checksumOf({ algorithm, type }: UploadChecksum, parts: readonly PartRecord[]): string {
  const values = parts.map(({ part }) => ({ value: part.checksums[algorithm] ?? '', size: part.size }))
  if (type === 'FULL_OBJECT' && isCombinable(algorithm)) return combinedCrc(algorithm, values)
  const composite = startChecksum(algorithm satisfies ChecksumAlgorithm)
  for (const { value } of values) composite.update(Buffer.from(value, 'base64'))
  return `${composite.digest()}-${parts.length}`
}
