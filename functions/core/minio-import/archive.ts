import { type UnzipFileFilter, unzipSync } from 'fflate'
import { MinioImportError } from './error.ts'

/** What `mc admin cluster iam export` writes, and nothing else is read. */
export const EXPORTED_FILES = [
  'policies.json',
  'users.json',
  'groups.json',
  'svcaccts.json',
  'user_mappings.json',
  'group_mappings.json',
  'stsuser_mappings.json',
] as const
export type ExportedFile = (typeof EXPORTED_FILES)[number]

const FOLDER = 'iam-assets/'
const LARGEST_ARCHIVE = 64 * 1024 * 1024
const LARGEST_FILE = 64 * 1024 * 1024

/**
 * The files of an export by name. Entries of other names are left alone and none is ever written anywhere, so a path in the
 * archive has no meaning; a name that stands twice is refused, as is a file that claims more than 64 MiB, and no more is
 * unpacked than was claimed. Throws MinioImportError. Proves nothing about what the files hold.
 */
export function readArchive(archive: Uint8Array): ReadonlyMap<ExportedFile, Uint8Array> {
  if (archive.length > LARGEST_ARCHIVE) throw new MinioImportError('the archive', 'is larger than 64 MiB')
  const seen = new Set<string>()
  const filter: UnzipFileFilter = ({ name, originalSize }) => {
    if (!EXPORTED_FILES.some((file) => name === FOLDER + file)) return false
    if (seen.has(name)) throw new MinioImportError(name, 'stands twice in the archive')
    seen.add(name)
    if (originalSize > LARGEST_FILE) throw new MinioImportError(name, 'unpacks to more than 64 MiB')
    return true
  }
  const unpacked = unzip(archive, filter)
  const files = new Map<ExportedFile, Uint8Array>()
  for (const file of EXPORTED_FILES) {
    const content = unpacked[FOLDER + file]
    if (content) files.set(file, content)
  }
  if (files.size === 0) {
    throw new MinioImportError('the archive', `has none of ${FOLDER}: it is no export of MinIO's IAM`)
  }
  return files
}

function unzip(archive: Uint8Array, filter: UnzipFileFilter) {
  try {
    return unzipSync(archive, { filter })
  } catch (cause) {
    if (cause instanceof MinioImportError) throw cause
    throw new MinioImportError('the archive', 'is no zip file, or a damaged one', { cause })
  }
}
