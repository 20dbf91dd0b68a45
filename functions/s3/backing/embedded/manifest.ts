import type { ByteRange } from '../../range.ts'
import type { ObjectPart } from '../port.ts'
import type { ContentFiles } from './content-files.ts'
import type { PartRecord } from './upload-record.ts'

/** The content of a multipart object: the contents of its parts, in order. Kept as a content of its own. */
export interface ManifestPart extends ObjectPart {
  readonly contentId: string
  /** Where the part lies in the object. */
  readonly range: ByteRange
}

const MARK = '.parts'

/** Tells ids of manifests from ids of bytes. */
export const isManifest = (contentId: string): boolean => contentId.endsWith(MARK)
export const manifestId = (id: string): string => id + MARK

export async function writeManifest(files: ContentFiles, id: string, parts: readonly PartRecord[]): Promise<void> {
  const lines = parts.map(({ part: { number, size, checksums }, contentId }) =>
    JSON.stringify({ number, size, checksums, contentId }),
  )
  await files.write(
    id,
    (async function* () {
      yield Buffer.from(lines.join('\n'))
    })(),
  )
}

/** `undefined` when there is no such manifest. */
export async function readManifest(files: ContentFiles, id: string): Promise<readonly ManifestPart[] | undefined> {
  const text = await files.text(id)
  if (text === undefined) return undefined
  let end = 0
  return text.split('\n').map((line) => {
    const part = JSON.parse(line) as ObjectPart & { readonly contentId: string }
    const first = end
    end += part.size
    return { ...part, range: { first, last: end - 1 } }
  })
}
