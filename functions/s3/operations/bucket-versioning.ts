import { elementsOf, textOf } from '@daypass/core/http/xml-reader.ts'
import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { VersioningStatus } from '../backing/buckets-port.ts'
import type { BucketCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { s3Document, text } from '../xml.ts'

/**
 * What a VersioningConfiguration asks for (S3 API reference, PutBucketVersioning).
 * @throws S3Error MalformedXML, IllegalVersioningConfigurationException, NotImplemented for MFA delete
 */
async function parseStatus(call: BucketCall): Promise<VersioningStatus> {
  const root = await readDocument(call, 'VersioningConfiguration')
  if (!root) throw new S3Error('MalformedXML')
  const one = (name: string) => {
    const [found, ...more] = elementsOf(root, name)
    if (more.length > 0) throw new S3Error('MalformedXML')
    return found && textOf(found).trim()
  }
  if (elementsOf(root).some(({ name }) => name !== 'Status' && name !== 'MfaDelete')) throw new S3Error('MalformedXML')
  const [status, mfaDelete] = [one('Status'), one('MfaDelete')]
  if (mfaDelete === 'Enabled') {
    throw new S3Error('NotImplemented', { message: 'MFA delete is not implemented.' })
  }
  if (mfaDelete !== undefined && mfaDelete !== 'Disabled') throw new S3Error('MalformedXML')
  if (status === undefined) throw new S3Error('IllegalVersioningConfigurationException')
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML')
  return status
}

/** A bucket that never kept versions says nothing of them (S3 API reference, GetBucketVersioning). */
export const getBucketVersioningOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketVersioning',
  async run({ deps, bucket }) {
    const status = await deps.objects.versioning(bucket)
    return xmlAnswer(s3Document('VersioningConfiguration', status && text('Status', status)))
  },
}

export const putBucketVersioningOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketVersioning',
  async run(call) {
    await call.deps.objects.setVersioning(call.bucket, await parseStatus(call))
    return emptyAnswer(200)
  },
}
