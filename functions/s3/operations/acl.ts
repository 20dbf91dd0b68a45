import { xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { requireObject, versionHeader } from '../versions.ts'
import { group, s3Document, text } from '../xml.ts'

/**
 * The one ACL that there is, as of a bucket whose owner owns all that is in it (S3 user guide, "Controlling ownership of
 * objects"): the owner may do everything. Policies give the rest.
 */
function ownersAcl(account: string) {
  const owner = [text('ID', canonicalUserId(account)), text('DisplayName', account)]
  const { markup } = group('Grantee', ...owner)
  const grantee = markup.replace(
    '<Grantee>',
    '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">',
  )
  return xmlAnswer(
    s3Document(
      'AccessControlPolicy',
      group('Owner', ...owner),
      group('AccessControlList', group('Grant', { markup: grantee }, text('Permission', 'FULL_CONTROL'))),
    ),
  )
}

const refused = async () => {
  throw new S3Error('AccessControlListNotSupported')
}

export const getBucketAclOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketAcl',
  run: async ({ bucket }) => ownersAcl(bucket.account),
}

export const getObjectAclOperation: Operation = {
  on: 'object',
  action: 's3:GetObjectAcl',
  versionAction: 's3:GetObjectVersionAcl',
  async run(call) {
    const { deps, bucket, key, versionId } = call
    const object = await requireObject(call, await deps.objects.find(bucket, key, versionId))
    const answer = ownersAcl(bucket.account)
    return { ...answer, headers: { ...answer.headers, ...versionHeader(object) } }
  },
}

export const putBucketAclOperation: Operation = { on: 'bucket', action: 's3:PutBucketAcl', run: refused }
export const putObjectAclOperation: Operation = {
  on: 'object',
  action: 's3:PutObjectAcl',
  versionAction: 's3:PutObjectVersionAcl',
  run: refused,
}
