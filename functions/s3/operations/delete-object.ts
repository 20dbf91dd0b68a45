import { emptyAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { parseRemovalPrecondition, parseWritePrecondition, REMOVAL_CONDITIONS } from '../preconditions.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'

/** Removes the object; that there was none is no error (S3 API reference, DeleteObject). */
export const deleteObjectOperation: Operation = {
  on: 'object',
  action: 's3:DeleteObject',
  async run({ deps, request, query, bucket, key }) {
    if (query.has('versionId')) {
      throw new S3Error('NotImplemented', { message: 'Versions of objects are not implemented.' })
    }
    const ceph = followsCeph(bucket)
    refuseUnbuiltHeaders(request.headers, ceph ? REMOVAL_CONDITIONS : [])
    const parse = ceph ? parseRemovalPrecondition : parseWritePrecondition
    await deps.objects.remove(bucket, key, parse(request.headers))
    return emptyAnswer(204)
  },
}
