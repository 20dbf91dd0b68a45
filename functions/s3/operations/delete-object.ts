import { emptyAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { parseRemovalPrecondition, parseWritePrecondition, REMOVAL_CONDITIONS } from '../preconditions.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { MARKER, versionHeader } from '../versions.ts'
import { conditionNeeds } from './upload-rights.ts'

/** Removes the object, or one version of it; that there was none is no error (S3 API reference, DeleteObject). */
export const deleteObjectOperation: Operation = {
  on: 'object',
  action: 's3:DeleteObject',
  versionAction: 's3:DeleteObjectVersion',
  needs: conditionNeeds,
  async run({ deps, request, bucket, key, versionId }) {
    const ceph = followsCeph(bucket)
    refuseUnbuiltHeaders(request.headers, ceph ? REMOVAL_CONDITIONS : [])
    const parse = ceph ? parseRemovalPrecondition : parseWritePrecondition
    const removal = await deps.objects.remove(bucket, key, parse(request.headers), versionId)
    return emptyAnswer(204, { ...(removal.marker && MARKER), ...versionHeader(removal) })
  },
}
