import { parseCopySource } from './copy-source.ts'

export type Context = ReadonlyMap<string, readonly string[]>

/**
 * Headers that policies may ask about, each under the name that S3 gives it (service authorization reference, "Condition keys
 * for Amazon S3"). All of them are signed where anything is; no other header enters, and none by its own name.
 */
const BY_HEADER = {
  'x-amz-acl': 's3:x-amz-acl',
  'x-amz-content-sha256': 's3:x-amz-content-sha256',
  'x-amz-grant-full-control': 's3:x-amz-grant-full-control',
  'x-amz-grant-read': 's3:x-amz-grant-read',
  'x-amz-grant-read-acp': 's3:x-amz-grant-read-acp',
  'x-amz-grant-write': 's3:x-amz-grant-write',
  'x-amz-grant-write-acp': 's3:x-amz-grant-write-acp',
  'x-amz-metadata-directive': 's3:x-amz-metadata-directive',
  'x-amz-object-ownership': 's3:x-amz-object-ownership',
  'x-amz-server-side-encryption': 's3:x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 's3:x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm': 's3:x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class': 's3:x-amz-storage-class',
  'x-amz-website-redirect-location': 's3:x-amz-website-redirect-location',
} as const

/** What a request's headers say in S3's condition keys; an absent header is an absent key. */
export function headerContext(headers: Readonly<Record<string, string>>): Context {
  const context = new Map<string, readonly string[]>()
  for (const [header, key] of Object.entries(BY_HEADER)) {
    const value = headers[header]
    if (value !== undefined) context.set(key, [value])
  }
  if (headers['x-amz-copy-source'] !== undefined) {
    const { bucket, key } = parseCopySource(headers)
    context.set('s3:x-amz-copy-source', [`${bucket}/${key}`])
  }
  return context
}

/** Tags as condition keys `<prefix><key>`; a key that is there twice (Ceph) has both values. */
export function tagContext(prefix: string, tags: readonly (readonly [key: string, value: string])[]): Context {
  const context = new Map<string, readonly string[]>()
  for (const [key, value] of tags) {
    const name = prefix + key
    context.set(name, [...(context.get(name) ?? []), value])
  }
  return context
}

/** The tags that an upload asks for, as policies may demand them. */
export const requestTagContext = (tags: readonly (readonly [key: string, value: string])[]): Context =>
  tags.length === 0
    ? new Map()
    : new Map([
        ...tagContext('s3:RequestObjectTag/', tags),
        ['s3:RequestObjectTagKeys', [...new Set(tags.map(([key]) => key))]],
      ])
