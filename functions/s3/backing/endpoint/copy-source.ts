import type { OpenObject } from '../port.ts'

/** Names the very version that was opened as the source of a copy. */
export const copySource = (bucket: string, { object }: OpenObject) => ({
  CopySource: `${bucket}/${object.key.split('/').map(encodeURIComponent).join('/')}`,
  CopySourceIfMatch: `"${object.etag}"`,
})
