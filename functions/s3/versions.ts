import { absence, mayLearn } from './access.ts'
import { type DeleteMarker, isDeleteMarker, type StoredObject } from './backing/port.ts'
import type { Call, ObjectCall, Operation } from './call.ts'
import { S3Error } from './errors.ts'

/** Says that a version is, or was, a delete marker. */
export const MARKER = { 'x-amz-delete-marker': 'true' }

/** Which version an answer is about, where versions are kept. */
export const versionHeader = ({ versionId }: { readonly versionId?: string }): Readonly<Record<string, string>> =>
  versionId === undefined ? {} : { 'x-amz-version-id': versionId }

/** Which version a copy was made of, where versions are kept. */
export const copiedVersion = ({ versionId }: StoredObject): Readonly<Record<string, string>> =>
  versionId === undefined ? {} : { 'x-amz-copy-source-version-id': versionId }

/**
 * What a request asks to be allowed: a version of an object that it names is never decided by the right to the current one.
 * @throws S3Error InvalidArgument for a version where none is taken
 */
export function askedOf(
  operation: Operation & { readonly on: 'bucket' | 'object' },
  { query }: Call,
): { readonly action: string; readonly versionId?: string } {
  const { action } = operation
  const versionId = query.get('versionId')
  if (operation.on === 'bucket' || versionId === undefined) return { action }
  const { versionAction } = operation
  const invalid = (message: string) =>
    new S3Error('InvalidArgument', { message, elements: { ArgumentName: 'versionId', ArgumentValue: versionId } })
  if (versionAction === undefined) throw invalid('This operation does not accept a version-id.')
  if (versionId === '') throw invalid('Version id cannot be the empty string')
  return { action: versionAction, versionId }
}

/**
 * The object that a call names, or what its absence is told as (S3 user guide, "Working with delete markers"): a delete marker
 * is no object, and one that is asked for by its own version can only be deleted.
 * @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed, AccessDenied
 */
export async function requireObject<T extends object>(
  call: ObjectCall,
  found: T | DeleteMarker | undefined,
): Promise<T> {
  const { bucket, key, versionId } = call
  if (!found) throw await absence(call, bucket, key, versionId)
  if (!isDeleteMarker(found)) return found
  const told = { ...MARKER, ...versionHeader(found) }
  if (versionId !== undefined) {
    const modified = { 'last-modified': new Date(found.modifiedAt).toUTCString(), allow: 'DELETE' }
    throw new S3Error('MethodNotAllowed', {
      elements: { Method: call.request.method, ResourceType: 'DeleteMarker' },
      headers: { ...told, ...modified },
    })
  }
  if (!(await mayLearn(call, bucket, key))) throw new S3Error('AccessDenied')
  throw new S3Error('NoSuchKey', { elements: { Key: key }, headers: told })
}
