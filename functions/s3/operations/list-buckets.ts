import { permitsOn, verdictOn } from '../access.ts'
import { xmlAnswer } from '../answers.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import type { Call, Operation } from '../call.ts'
import { parseToken, tokenOf } from '../continuation-token.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { parseCount } from '../parameters.ts'
import { group, s3Document, text } from '../xml.ts'

/** The most that one page holds (S3 API reference, ListBuckets). */
const MAX_BUCKETS = 10_000

/**
 * The account's buckets: all of them with s3:ListAllMyBuckets, none where a policy denies that, else those that the caller
 * may list.
 * @throws S3Error AccessDenied when there is none that the caller may know of
 */
async function listBuckets(call: Call) {
  const { caller, query, deps } = call
  if (!caller) throw new S3Error('AccessDenied')
  const limit = parseCount(query, 'max-buckets', { least: 1, most: MAX_BUCKETS }) ?? MAX_BUCKETS
  const prefix = query.get('prefix') ?? ''
  const after = parseToken(query.get('continuation-token')) ?? ''
  // Policies name the action's resource as `*` or as `arn:aws:s3:::*`; this one meets both.
  const { allowed: all, denied } = await verdictOn(call, 's3:ListAllMyBuckets', { arn: 'arn:aws:s3:::*' })
  if (denied) throw new S3Error('AccessDenied')

  const shown: Bucket[] = []
  let known = all
  let more = false
  for await (const bucket of deps.buckets.list(caller.account)) {
    const wanted =
      bucket.name > after && bucket.name.startsWith(prefix) && matchesRegion(bucket, query.get('bucket-region'))
    if (!wanted && known) continue
    if (!all && !(await permitsOn(call, 's3:ListBucket', bucket))) continue
    known = true
    if (!wanted) continue
    if (shown.length === limit) {
      more = true
      break
    }
    shown.push(bucket)
  }
  if (!known) throw new S3Error('AccessDenied')

  const last = shown.at(-1)
  const rows = shown.map(({ name, createdAt, region }) =>
    group(
      'Bucket',
      text('Name', name),
      text('CreationDate', new Date(createdAt).toISOString()),
      text('BucketRegion', region),
    ),
  )
  return xmlAnswer(
    s3Document(
      'ListAllMyBucketsResult',
      group('Owner', text('ID', canonicalUserId(caller.account)), text('DisplayName', caller.account)),
      group('Buckets', ...rows),
      more && last ? text('ContinuationToken', tokenOf(last.name)) : undefined,
      prefix === '' ? undefined : text('Prefix', prefix),
    ),
  )
}

const matchesRegion = (bucket: Bucket, region: string | undefined) => region === undefined || bucket.region === region

export const listBucketsOperation: Operation = { on: 'service', run: listBuckets }
