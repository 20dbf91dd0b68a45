import {
  type BucketCannedACL,
  CreateBucketCommand,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { canonicalUserId } from '../../../../functions/s3/owner.ts'
import { type Answer, sendRaw, type Wish } from './raw-request.ts'
import { OURS, policy, THEIRS, type World } from './world.ts'

export const OUR_ID = canonicalUserId(OURS)
export const THEIR_ID = canonicalUserId(THEIRS)
export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'
export const AUTHENTICATED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'

/** What is done as whom, in a world whose buckets have ACLs. */
export interface AclWorld {
  as(name: string): S3Client
  /** A bucket of `ourroot` with the object `k`, in which ACLs have a say. */
  bucket(ownership?: ObjectOwnership): Promise<string>
  bucketAcl(bucket: string, wish: Partial<PutBucketAclCommand['input']>): Promise<unknown>
  objectAcl(bucket: string, wish: Partial<PutObjectAclCommand['input']>): Promise<unknown>
  policy(bucket: string, ...statements: ((resources: string[]) => object)[]): Promise<unknown>
  /** Written by the user `fullstranger` of another account, whom the bucket's ACL lets write. */
  foreign(bucket: string, wish?: Partial<PutObjectCommand['input']>): Promise<unknown>
  send(wish: Wish): Promise<Answer>
}

let made = 0

export function aclWorld(world: () => World): AclWorld {
  const as = (name: string) => world().client(world().credentials(name))
  const bucketAcl: AclWorld['bucketAcl'] = (Bucket, wish) =>
    as('ourroot').send(new PutBucketAclCommand({ Bucket, ...wish }))
  return {
    as,
    bucketAcl,
    async bucket(ObjectOwnership = 'ObjectWriter') {
      made += 1
      const Bucket = `acl-bucket-${made}`
      await as('ourroot').send(new CreateBucketCommand({ Bucket, ObjectOwnership }))
      await as('ourroot').send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content' }))
      return Bucket
    },
    objectAcl: (Bucket, wish) => as('ourroot').send(new PutObjectAclCommand({ Bucket, Key: 'k', ...wish })),
    policy(Bucket, ...statements) {
      const resources = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
      const document = policy(...statements.map((statement) => statement(resources)))
      return as('ourroot').send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) }))
    },
    async foreign(Bucket, wish = {}) {
      const GrantWrite = `id="${THEIR_ID}"`
      await bucketAcl(Bucket, { GrantWrite, GrantFullControl: `id="${OUR_ID}"` })
      await as('fullstranger').send(new PutObjectCommand({ Bucket, Key: 'theirs', Body: 'theirs', ...wish }))
    },
    send: (wish) => sendRaw(world().gateway.endpoint, wish),
  }
}

export const CANNED: readonly BucketCannedACL[] = ['public-read', 'public-read-write', 'authenticated-read']
