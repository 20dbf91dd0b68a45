import { S3Error } from '../errors.ts'
import { type Acl, type Grant, ownersAcl } from './acl.ts'

const everybody = (permission: Grant['permission']): Grant => ({ grantee: { group: 'AllUsers' }, permission })

/** Whose the thing is, and whose the bucket is, by canonical user ids. */
interface Owners {
  readonly owner: string
  readonly bucketOwner: string
}

/** Canned ACLs as S3 spells them out (S3 user guide, "Canned ACL"). Of a bucket its owner is both owners. */
const CANNED = {
  private: ({ owner }: Owners) => ownersAcl(owner),
  'public-read': ({ owner }: Owners) => [everybody('READ'), ...ownersAcl(owner)],
  'public-read-write': ({ owner }: Owners) => [everybody('READ'), everybody('WRITE'), ...ownersAcl(owner)],
  'authenticated-read': ({ owner }: Owners) => [
    { grantee: { group: 'AuthenticatedUsers' }, permission: 'READ' },
    ...ownersAcl(owner),
  ],
  'bucket-owner-read': (owners: Owners) => withBucketOwner(owners, 'READ'),
  'bucket-owner-full-control': (owners: Owners) => withBucketOwner(owners, 'FULL_CONTROL'),
} as const satisfies Record<string, (owners: Owners) => Acl>

const withBucketOwner = ({ owner, bucketOwner }: Owners, permission: Grant['permission']): Acl =>
  owner === bucketOwner ? ownersAcl(owner) : [...ownersAcl(owner), { grantee: { id: bucketOwner }, permission }]

export type CannedAcl = keyof typeof CANNED

/** Whom they name is not built: S3's log delivery and EC2. */
const UNBUILT = ['log-delivery-write', 'aws-exec-read']

/** @throws S3Error InvalidArgument, NotImplemented */
export function parseCannedAcl(name: string): CannedAcl {
  if (Object.hasOwn(CANNED, name)) return name as CannedAcl
  if (UNBUILT.includes(name)) {
    throw new S3Error('NotImplemented', { message: `The canned ACL ${name} is not implemented.` })
  }
  throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'x-amz-acl', ArgumentValue: name } })
}

export const cannedAcl = (name: CannedAcl, owners: Owners): Acl => CANNED[name](owners)
