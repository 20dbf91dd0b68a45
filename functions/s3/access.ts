import { aclRights, isAsAsked } from './acl/rights.ts'
import type { Bucket } from './backing/buckets-port.ts'
import { isDeleteMarker, type StoredObject } from './backing/port.ts'
import { isRestricted } from './bucket-policy/public-access-block.ts'
import type { Call } from './call.ts'
import { type Context, headerContext, requestTagContext, tagContext } from './context-keys.ts'
import type { AccessRequest, LateKeys, Verdict } from './deps.ts'
import { followsCeph } from './dialect.ts'
import { S3Error } from './errors.ts'
import { parseTaggingHeader, type Tags } from './tags.ts'

/** Names as S3's ARNs have them: the key's very characters, so that no two keys share an ARN. */
export const bucketArn = (name: string) => `arn:aws:s3:::${name}`
export const objectArn = (name: string, key: string) => `arn:aws:s3:::${name}/${key}`

/** The condition keys that every request to S3 has (service authorization reference, "Condition keys for Amazon S3"). */
function commonContext({ request, query, caller, form }: Call, resourceAccount: string | undefined): Context {
  const context = new Map(headerContext(request.headers))
  if (resourceAccount !== undefined) context.set('s3:ResourceAccount', [resourceAccount])
  if (request.tlsVersion !== undefined) context.set('s3:TlsVersion', [request.tlsVersion])
  if (caller) {
    context.set('s3:authType', [form ? 'POST' : query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER'])
    context.set('s3:signatureversion', ['AWS4-HMAC-SHA256'])
  }
  for (const [key, values] of requestTagContext(
    parseTaggingHeader(request.headers['x-amz-tagging'], { repeats: true }),
  ))
    context.set(key, values)
  return context
}

interface Resource extends Pick<AccessRequest, 'listed' | 'objectAccount'> {
  readonly arn: string
  readonly account?: string
  readonly policy?: string
  readonly late?: readonly LateKeys[]
}

/** Whether the policies allow the call's sender this action. */
export async function permits(call: Call, action: string, resource: Resource, keys?: Context): Promise<boolean> {
  return (await verdictOn(call, action, resource, keys)).allowed
}

/** As `permits`, and whether a refusal is a policy's own word. */
export function verdictOn(
  call: Call,
  action: string,
  { arn, account, policy, late, ...rights }: Resource,
  keys: Context = new Map(),
): Promise<Verdict> {
  return call.deps.authorize(call.caller, {
    action,
    resource: arn,
    ...(account !== undefined && { resourceAccount: account }),
    ...(policy !== undefined && { resourcePolicy: policy }),
    context: new Map([...commonContext(call, account), ...keys]),
    ...(late && { late }),
    ...rights,
    head: call.request,
    ...(call.signedAt !== undefined && { signedAt: call.signedAt }),
  })
}

/** As `permits`, on a bucket, one of its objects by whatever key the store finds it, or one version of that. */
export async function permitsOn(
  call: Call,
  action: string,
  bucket: Bucket,
  key?: string,
  keys: Context = new Map(),
  late: readonly LateKeys[] = [],
  versionId?: string,
): Promise<boolean> {
  if (call.caller?.account !== bucket.account && isRestricted(bucket)) return false
  const about = { action, keys, late, ...(key !== undefined && { key }), ...(versionId !== undefined && { versionId }) }
  const rights = await aclRights(call, action, bucket, key, versionId)
  if (!(await verdictIn(call, bucket, about, rights)).allowed) return false
  const other = key === undefined ? undefined : call.deps.objects.otherKey?.(key)
  return other === undefined || (await verdictIn(call, bucket, { ...about, key: other }, rights)).allowed
}

/**
 * Whether the policies allow the call's sender what it does to an object that it makes, and that is its own: its account's
 * policies allow, and nothing denies. Of whom nobody knows, all that can be said is that nothing denies.
 */
export async function permitsOverOwn(call: Call, action: string, bucket: Bucket, key?: string): Promise<boolean> {
  const { caller } = call
  const foreign = caller && caller.account !== bucket.account ? { objectAccount: caller.account } : {}
  const verdict = await verdictIn(call, bucket, { action, ...(key !== undefined && { key }) }, foreign)
  return caller ? verdict.allowed : verdict.denied !== true
}

interface About {
  readonly action: string
  readonly key?: string
  readonly versionId?: string
  readonly keys?: Context
  readonly late?: readonly LateKeys[]
}

function verdictIn(
  call: Call,
  bucket: Bucket,
  { action, key, versionId, keys = new Map(), late = [] }: About,
  rights: Pick<AccessRequest, 'listed' | 'objectAccount'>,
): Promise<Verdict> {
  const { account, policy: text, boundPolicy, name } = bucket
  const policy = boundPolicy ?? text
  const arn = key === undefined ? bucketArn(name) : objectArn(name, key)
  const ofBucket = tagContext('s3:ResourceTag/', bucketTags(bucket))
  const all =
    key === undefined || WITHOUT_OBJECT.test(action) ? late : [...late, ...existingTags(call, bucket, key, versionId)]
  const ofVersion = versionId === undefined ? [] : [['s3:versionid', [versionId]] as const]
  const context = new Map([...ofBucket, ...ofVersion, ...keys])
  const decided = { arn, account, late: all, ...(policy !== undefined && { policy }), ...rights }
  return verdictOn(call, action, decided, context)
}

/** Actions on a key whose object, if there is one, is not what they are about. */
const WITHOUT_OBJECT = /^s3:(?:PutObject|AbortMultipartUpload|ListMultipartUploadParts)$/

const bucketTags = ({ tags }: Bucket) => (tags === undefined ? [] : (JSON.parse(tags) as Tags))

/**
 * The tags of the version that is asked for: AWS's `s3:ExistingObjectTag`, and Ceph's `s3:ResourceTag`, which are the bucket's tags
 * and the object's together.
 */
function existingTags({ deps }: Call, bucket: Bucket, key: string, versionId?: string): readonly LateKeys[] {
  const read = async () => {
    const found = await deps.objects.tags(bucket, key, versionId)
    return found && !isDeleteMarker(found) ? found.tags : []
  }
  return [
    { prefix: 's3:existingobjecttag/', read: async () => tagContext('s3:ExistingObjectTag/', await read()) },
    {
      prefix: 's3:resourcetag/',
      read: async () => tagContext('s3:ResourceTag/', [...bucketTags(bucket), ...(await read())]),
    },
  ]
}

/**
 * Requires that the sender may read what was opened, where that is not what the policies were asked about any more.
 * @throws S3Error AccessDenied
 */
export async function requireAsAsked(
  call: Call,
  bucket: Bucket,
  opened: StoredObject,
  versionId: string | undefined,
): Promise<void> {
  if (await isAsAsked(call, bucket, opened, versionId)) return
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
  const allowed = await permitsOn(call, action, bucket, opened.key, undefined, [], versionId)
  if (!allowed) throw new S3Error('AccessDenied')
}

/**
 * What a missing object is told as: only those who may list the bucket learn that a key is free (S3 API reference,
 * GetObject, "Permissions"), and only those who may list its versions that there is no such one.
 */
export async function absence(call: Call, bucket: Bucket, key: string, versionId?: string): Promise<S3Error> {
  if (!(await mayLearn(call, bucket, key, versionId))) return new S3Error('AccessDenied')
  if (versionId === undefined) return new S3Error('NoSuchKey', { elements: { Key: key } })
  return new S3Error('NoSuchVersion', { elements: { Key: key, VersionId: versionId } })
}

/** Whether the caller may be told that there is no such object, or no such version. */
export function mayLearn(call: Call, bucket: Bucket, key: string, versionId?: string): Promise<boolean> {
  // Ceph asks as of a listing of what begins with the key; AWS's request has no prefix.
  const keys = followsCeph(bucket) ? new Map([['s3:prefix', [key]]]) : undefined
  return permitsOn(call, versionId === undefined ? 's3:ListBucket' : 's3:ListBucketVersions', bucket, undefined, keys)
}
