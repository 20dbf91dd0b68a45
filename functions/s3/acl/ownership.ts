import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import type { StoredObject } from '../backing/port.ts'
import type { Call } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { ANONYMOUS_ID, canonicalUserId } from '../owner.ts'

/** S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket". */
const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const
export type Ownership = (typeof OWNERSHIPS)[number]

/** @throws S3Error InvalidArgument */
export function parseOwnership(value: string): Ownership {
  const found = OWNERSHIPS.find((each) => each === value)
  if (found) return found
  throw new S3Error('InvalidArgument', {
    message: `Invalid x-amz-object-ownership header: ${value}`,
    elements: { ArgumentName: 'x-amz-object-ownership', ArgumentValue: value },
  })
}

/** @throws S3Error MalformedXML */
export function parseOwnershipControls(root: XmlElement): Ownership {
  const [rule, ...more] = elementsOf(root)
  const [element, ...others] = rule ? elementsOf(rule) : []
  const stated = element && textOf(element).trim()
  const found = OWNERSHIPS.find((each) => each === stated)
  const fits = rule?.name === 'Rule' && element?.name === 'ObjectOwnership' && more.length + others.length === 0
  if (!found || !fits) throw new S3Error('MalformedXML')
  return found
}

type Owned = Pick<Bucket, 'ownership' | 'account'>

/**
 * The bucket's setting, if it has one. Where nobody said anything, a bucket of AWS's kind has BucketOwnerEnforced, as AWS gives
 * every new one since April 2023; one of a Ceph-style account has none.
 */
export function ownershipControls({ ownership, account }: Owned): Ownership | undefined {
  if (ownership === 'none') return undefined
  return ownership ?? (followsCeph({ account }) ? undefined : 'BucketOwnerEnforced')
}

/** Whether ACLs have a say in the bucket. Without a setting they have, and writers own what they write. */
export const hasAcls = (bucket: Owned): boolean => ownershipControls(bucket) !== 'BucketOwnerEnforced'

/** Whose an object is, by canonical user id. */
export const ownerOf = (bucket: Bucket, { owner }: Pick<StoredObject, 'owner'>): string =>
  owner === undefined || !hasAcls(bucket) ? canonicalUserId(bucket.account) : owner

/** Who sends the call, by canonical user id. */
export const senderOf = ({ caller }: Call): string => (caller ? canonicalUserId(caller.account) : ANONYMOUS_ID)

/** Whose an object will be that the call's sender writes. */
export function ownerOfNew(call: Call, bucket: Bucket): string {
  const given = call.request.headers['x-amz-acl'] === 'bucket-owner-full-control'
  const kept = hasAcls(bucket) && !(given && ownershipControls(bucket) === 'BucketOwnerPreferred')
  return kept ? senderOf(call) : canonicalUserId(bucket.account)
}
