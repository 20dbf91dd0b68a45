import type { Bucket } from '../backing/buckets-port.ts'
import { type DeleteMarker, isDeleteMarker, type StoredObject } from '../backing/port.ts'
import type { UploadName, UploadStore } from '../backing/uploads-port.ts'
import { publicAccessSettings } from '../bucket-policy/public-access-block.ts'
import type { Call } from '../call.ts'
import type { AccessRequest } from '../deps.ts'
import { S3Error } from '../errors.ts'
import { accountOf, canonicalUserId } from '../owner.ts'
import type { S3RequestHead } from '../port.ts'
import { type Acl, type Permission, parseStoredAcl } from './acl.ts'
import { hasAcls, ownerOf, senderOf } from './ownership.ts'

type Permissions = Readonly<Record<string, Permission>>

/** Which permission stands for which action (S3 user guide, "Mapping of ACL permissions and access policy permissions"). */
const OF_BUCKET: Permissions = {
  's3:ListBucket': 'READ',
  's3:ListBucketVersions': 'READ',
  's3:ListBucketMultipartUploads': 'READ',
  's3:PutObject': 'WRITE',
  's3:GetBucketAcl': 'READ_ACP',
  's3:PutBucketAcl': 'WRITE_ACP',
}
const OF_OBJECT: Permissions = {
  's3:GetObject': 'READ',
  's3:GetObjectVersion': 'READ',
  's3:GetObjectAcl': 'READ_ACP',
  's3:GetObjectVersionAcl': 'READ_ACP',
  's3:PutObjectAcl': 'WRITE_ACP',
  's3:PutObjectVersionAcl': 'WRITE_ACP',
}
const DELETIONS = new Set(['s3:DeleteObject', 's3:DeleteObjectVersion'])
const OF_UPLOADS = new Set(['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'])

type Rights = Pick<AccessRequest, 'listed' | 'objectAccount'>

/** No account's id. */
const NOBODY = '(nobody)'

/**
 * What ownership and ACLs say of an action on a bucket or a key of it. Who owns an object decides on it: not the bucket's owner,
 * who may yet delete it (S3 user guide, "How Amazon S3 authorizes a request").
 */
export async function aclRights(
  call: Call,
  action: string,
  bucket: Bucket,
  key?: string,
  versionId?: string,
): Promise<Rights> {
  if (!hasAcls(bucket)) return {}
  if (key === undefined || action === 's3:PutObject') return listed(call, bucket, bucketAcl(bucket), OF_BUCKET[action])
  if (OF_UPLOADS.has(action)) return rightsOnUpload(call, bucket, key)
  const object = await findOnce(call, bucket, key, versionId)
  if (!object || isDeleteMarker(object)) return {}
  const owner = ownerOf(bucket, object)
  if (DELETIONS.has(action)) {
    // WRITE lets its grantee delete what is its own (S3 user guide, "What permissions can I grant?").
    const own = call.caller !== undefined && owner === senderOf(call)
    return own ? listed(call, bucket, bucketAcl(bucket), 'WRITE') : {}
  }
  const objectAccount = accountOf(owner) ?? NOBODY
  return {
    ...listed(call, bucket, parseStoredAcl(object.acl, owner), OF_OBJECT[action]),
    ...(objectAccount !== bucket.account && { objectAccount }),
  }
}

export const bucketAcl = ({ acl, account }: Bucket): Acl => parseStoredAcl(acl, canonicalUserId(account))

/** Of an upload its initiator's account has a say too (S3 user guide, "Multipart upload API and permissions"). */
async function rightsOnUpload({ deps, query, caller }: Call, bucket: Bucket, key: string): Promise<Rights> {
  const uploadId = query.get('uploadId')
  if (!caller || caller.account === bucket.account || uploadId === undefined) return {}
  const initiator = await initiatorOf(deps.objects.uploads, bucket, { key, uploadId })
  const [, , , , account] = initiator?.split(':') ?? []
  return account === caller.account ? { objectAccount: caller.account } : {}
}

/** The ARN of who began the upload, if there is one. */
async function initiatorOf(uploads: UploadStore, bucket: Bucket, name: UploadName): Promise<string | undefined> {
  try {
    return (await uploads.listParts(bucket, name, { after: 0, limit: 1 })).upload.initiator
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return undefined
    throw error
  }
}

/** Whom among others the ACL gives the permission: the call's sender as one of a group, or its account. */
function listed(call: Call, bucket: Bucket, acl: Acl, permission: Permission | undefined): Rights {
  if (permission === undefined) return {}
  const { caller } = call
  const granted = acl.filter((grant) => grant.permission === permission || grant.permission === 'FULL_CONTROL')
  const settings = publicAccessSettings(bucket)
  const outside = caller?.account !== bucket.account
  const closed = settings?.IgnorePublicAcls || (settings?.RestrictPublicBuckets && outside)
  const open = granted.some(
    ({ grantee }) => 'group' in grantee && (grantee.group === 'AllUsers' || caller !== undefined),
  )
  if (open && !closed) return { listed: 'everyone' }
  const named = caller && granted.some(({ grantee }) => 'id' in grantee && grantee.id === senderOf(call))
  return named ? { listed: 'account' } : {}
}

type Found = StoredObject | DeleteMarker | undefined

/** What was looked up for a request, by bucket, version and key. */
const found = new WeakMap<S3RequestHead, Map<string, Promise<Found>>>()

function foundIn({ request }: Call) {
  const known = found.get(request) ?? new Map<string, Promise<Found>>()
  found.set(request, known)
  return known
}

const placeOf = ({ name }: Bucket, key: string, versionId = '') => `${name}/${versionId}/${key}`

/** The object, or the version of it, that the policies were asked about: looked up once in a request. */
export function findOnce(call: Call, bucket: Bucket, key: string, versionId?: string): Promise<Found> {
  const known = foundIn(call)
  const place = placeOf(bucket, key, versionId)
  const object = known.get(place) ?? call.deps.objects.find(bucket, key, versionId)
  known.set(place, object)
  return object
}

/** What the policies were asked about, if they asked. */
export const foundBefore = (call: Call, bucket: Bucket, key: string, versionId?: string): Promise<Found> =>
  foundIn(call).get(placeOf(bucket, key, versionId)) ?? Promise.resolve(undefined)

/** Whether the action is about an object that is not there, so that no ACL could allow it. */
export async function isAbsent(
  call: Call,
  action: string,
  bucket: Bucket,
  key: string,
  versionId?: string,
): Promise<boolean> {
  if (OF_OBJECT[action] === undefined || !hasAcls(bucket)) return false
  const object = await findOnce(call, bucket, key, versionId)
  return !object || isDeleteMarker(object)
}

/**
 * Whether what was opened is as much the sender's to open as what was asked about: the object may have been replaced between.
 * If not, the answer to the next question is about this one.
 */
export async function isAsAsked(
  call: Call,
  bucket: Bucket,
  opened: StoredObject,
  versionId: string | undefined,
): Promise<boolean> {
  if (!hasAcls(bucket)) return true
  const { key, owner, acl } = opened
  const asked = await findOnce(call, bucket, key, versionId)
  if (asked && !isDeleteMarker(asked) && asked.owner === owner && asked.acl === acl) return true
  foundIn(call).set(placeOf(bucket, key, versionId), Promise.resolve(opened))
  return false
}
