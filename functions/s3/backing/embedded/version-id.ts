import { randomBytes } from 'node:crypto'
import { S3Error } from '../../errors.ts'

/** What the version is called that was made while the bucket kept none (S3 user guide, "Using versioning"). */
export const NULL_VERSION = 'null'

const LAST_MOMENT = 2 ** 48 - 1

/** An id that sorts before those of all earlier moments (milliseconds since the epoch), so that the newest comes first. */
export const newVersionId = (moment: number): string =>
  (LAST_MOMENT - moment).toString(16).padStart(12, '0') + randomBytes(10).toString('hex')

/** The moment that an id was made of. */
export const momentOf = (versionId: string): number => LAST_MOMENT - Number.parseInt(versionId.slice(0, 12), 16)

/**
 * Proves that a version could be called so.
 * @throws S3Error InvalidArgument
 */
export function parseVersionId(text: string): string {
  if (text === NULL_VERSION || /^[0-9a-f]{32}$/.test(text)) return text
  throw new S3Error('InvalidArgument', {
    message: text === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified',
    elements: { ArgumentName: 'versionId', ArgumentValue: text },
  })
}
