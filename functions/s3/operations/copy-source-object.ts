import { absence, requireAsAsked } from '../access.ts'
import { foundBefore } from '../acl/rights.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import { isDeleteMarker, type OpenObject } from '../backing/port.ts'
import type { ObjectCall } from '../call.ts'
import { parseCopySource, sourceConditions } from '../copy-source.ts'
import { S3Error } from '../errors.ts'
import { decideRead } from '../preconditions.ts'

/**
 * Opens what a copy is made of, whose reading the policies have allowed. Whoever has it frees it.
 * @throws S3Error NoSuchKey, NoSuchVersion, InvalidRequest for a delete marker, AccessDenied, PreconditionFailed, NoSuchBucket
 */
export async function openSource(call: ObjectCall): Promise<{ readonly from: Bucket; readonly source: OpenObject }> {
  const { bucket: name, key, versionId } = parseCopySource(call.request.headers)
  const from = call.others.get(name)
  if (!from) throw new S3Error('NoSuchBucket', { elements: { BucketName: name } })
  const found = await foundBefore(call, from, key, versionId)
  const source = await call.deps.objects.open(from, key, { versionId, found })
  if (source && isDeleteMarker(source) && versionId !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
    })
  }
  if (!source || isDeleteMarker(source)) throw await absence(call, from, key, versionId)
  try {
    await requireAsAsked(call, from, source.object, versionId)
    const outcome = decideRead(sourceConditions(call.request.headers), source.object)
    if (outcome === 'not-modified') throw new S3Error('PreconditionFailed')
  } catch (error) {
    await source.close()
    throw error
  }
  return { from, source }
}
