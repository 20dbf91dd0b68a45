import type { Bucket } from '../backing/buckets-port.ts'
import type { StoredObject } from '../backing/port.ts'
import { requireMayHaveAcl } from '../bucket-policy/public-access-block.ts'
import type { Call, ObjectCall } from '../call.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { readDocument } from '../request-document.ts'
import { type Acl, isPublicAcl, ordered, storedAcl } from './acl.ts'
import { cannedAcl } from './canned.ts'
import { parseAclDocument } from './document.ts'
import { requireGrantees } from './grantee.ts'
import { hasAcls, ownerOfNew, senderOf } from './ownership.ts'
import { type AskedAcl, parseAclHeaders } from './parse-headers.ts'

/** What an ACL is for. */
interface Subject {
  readonly bucket: Pick<Bucket, 'name' | 'account' | 'publicAccessBlock'>
  readonly key?: string
  /** The canonical user id of whose it is, or will be. */
  readonly owner: string
}

/**
 * The ACL that was asked for, spelt out.
 * @throws S3Error InvalidArgument for grantees that do not exist, AccessDenied where the bucket refuses public ACLs
 */
async function resolveAcl(call: Call, { bucket, key, owner }: Subject, asked: AskedAcl): Promise<Acl> {
  const bucketOwner = canonicalUserId(bucket.account)
  const acl = 'canned' in asked ? cannedAcl(asked.canned, { owner, bucketOwner }) : asked.grants
  const ids = acl.flatMap(({ grantee }) => ('id' in grantee ? [grantee.id] : []))
  const sender = call.caller ? [senderOf(call)] : []
  await requireGrantees(ids, [owner, bucketOwner, ...sender], call.deps.isAccount)
  requireMayHaveAcl(bucket, acl)
  if (isPublicAcl(acl)) {
    call.deps.log.info({
      event: 's3.public-acl',
      requestId: call.request.requestId,
      bucket: bucket.name,
      ...(key !== undefined && { key }),
      by: call.caller?.arn ?? 'anonymous',
    })
  }
  return ordered(acl)
}

/** Where ACLs are off, what says no more than that the bucket's owner has everything is no error. */
const isOwnersAnyway = (asked: AskedAcl, bucketOwner: string) =>
  'canned' in asked
    ? asked.canned === 'bucket-owner-full-control'
    : asked.grants.every(
        ({ grantee, permission }) => permission === 'FULL_CONTROL' && 'id' in grantee && grantee.id === bucketOwner,
      )

/**
 * Some clients (rclone before 1.61) send `private` with every upload. It grants nobody anything, so it is refused, as in AWS,
 * only where the bucket's owner has turned ACLs off in so many words.
 */
const isUnsaid = (asked: AskedAcl, { ownership }: Pick<Bucket, 'ownership'>) =>
  ownership === undefined && 'canned' in asked && asked.canned === 'private'

/**
 * Whose a new object will be, and its ACL, as a record keeps them: absent what every object of the bucket's owner has.
 * @throws S3Error AccessControlListNotSupported where ACLs are off, and what the headers are refused for
 */
export async function rightsOfNew(call: ObjectCall): Promise<Pick<StoredObject, 'owner' | 'acl'>> {
  const { bucket, key, request } = call
  const asked = parseAclHeaders(request.headers)
  const bucketOwner = canonicalUserId(bucket.account)
  if (!hasAcls(bucket)) {
    if (asked && !isOwnersAnyway(asked, bucketOwner) && !isUnsaid(asked, bucket)) {
      throw new S3Error('AccessControlListNotSupported')
    }
    return {}
  }
  const owner = ownerOfNew(call, bucket)
  const acl = asked && storedAcl(await resolveAcl(call, { bucket, key, owner }, asked), owner)
  return { ...(owner !== bucketOwner && { owner }), ...(acl !== undefined && { acl }) }
}

/**
 * The ACL of a new bucket from its headers, as its record keeps it. Canned ACLs that speak of a bucket's owner mean nothing
 * more on the bucket itself.
 */
export async function aclOfNewBucket(call: Call, name: string, account: string): Promise<string | undefined> {
  const asked = parseAclHeaders(call.request.headers)
  const owner = canonicalUserId(account)
  return asked && storedAcl(await resolveAcl(call, { bucket: { name, account }, owner }, asked), owner)
}

/**
 * The ACL that a request sets, from its headers or its body, as a record keeps it.
 * @throws S3Error MissingSecurityHeader, UnexpectedContent, MalformedACLError, AccessDenied for an owner that is another
 */
export async function askedAcl(call: Call, subject: Subject): Promise<string | undefined> {
  const asked = parseAclHeaders(call.request.headers)
  const root = await readDocument(call, 'AccessControlPolicy')
  if (asked && root) throw new S3Error('UnexpectedContent')
  const stated = asked ?? (root && documentAcl(parseAclDocument(root), subject.owner))
  if (!stated) {
    throw new S3Error('MissingSecurityHeader', {
      message: 'Your request was missing a required header: send x-amz-acl, x-amz-grant-… or an AccessControlPolicy.',
      elements: { MissingHeaderName: 'x-amz-acl' },
    })
  }
  return storedAcl(await resolveAcl(call, subject, stated), subject.owner)
}

/** An ACL cannot give a thing away. */
function documentAcl(document: ReturnType<typeof parseAclDocument>, owner: string): AskedAcl {
  if (document.owner !== owner) throw new S3Error('AccessDenied')
  return { grants: document.grants }
}
