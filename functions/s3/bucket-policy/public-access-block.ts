import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { type Acl, isPublicAcl, parseStoredAcl } from '../acl/acl.ts'
import { hasAcls } from '../acl/ownership.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { text, type Xml } from '../xml.ts'
import { isPublicPolicy } from './public.ts'

/** The settings by S3's names (S3 user guide, "Block public access settings"). There are no ACLs for the first two to block. */
const SETTINGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const

type PublicAccessBlock = Readonly<Record<(typeof SETTINGS)[number], boolean>>

/** @throws S3Error MalformedXML */
export function parsePublicAccessBlock(root: XmlElement): PublicAccessBlock {
  const known: readonly string[] = SETTINGS
  if (elementsOf(root).some(({ name }) => !known.includes(name))) throw new S3Error('MalformedXML')
  const entries = SETTINGS.map((name) => {
    const [element, ...more] = elementsOf(root, name)
    const value = element ? textOf(element).trim().toLowerCase() : 'false'
    if (more.length > 0 || (value !== 'true' && value !== 'false')) throw new S3Error('MalformedXML')
    return [name, value === 'true'] as const
  })
  return Object.fromEntries(entries) as PublicAccessBlock
}

export const renderPublicAccessBlock = (stored: string): readonly Xml[] =>
  SETTINGS.map((name) => text(name, (JSON.parse(stored) as PublicAccessBlock)[name]))

/** What public access the bucket refuses, where that was set. */
export const publicAccessSettings = ({ publicAccessBlock }: Pick<Bucket, 'publicAccessBlock'>) =>
  publicAccessBlock === undefined ? undefined : (JSON.parse(publicAccessBlock) as PublicAccessBlock)

/**
 * Refuses a policy that opens the bucket to everyone where the bucket's settings forbid that.
 * @throws S3Error AccessDenied
 */
export function requireMayBePublic(bucket: Bucket, policy: string): void {
  if (publicAccessSettings(bucket)?.BlockPublicPolicy && isPublicPolicy({ ...bucket, policy })) {
    throw new S3Error('AccessDenied', {
      message: 'Access Denied: the policy is public, which BlockPublicPolicy of the bucket forbids.',
    })
  }
}

/**
 * Refuses an ACL that grants anything to everyone where the bucket's settings forbid that.
 * @throws S3Error AccessDenied
 */
export function requireMayHaveAcl(bucket: Pick<Bucket, 'publicAccessBlock'>, acl: Acl): void {
  if (publicAccessSettings(bucket)?.BlockPublicAcls && isPublicAcl(acl)) {
    throw new S3Error('AccessDenied', {
      message: 'Access Denied: the ACL is public, which BlockPublicAcls of the bucket forbids.',
    })
  }
}

/** Whether the bucket's own ACL opens it to everyone, as its settings and its ownership leave it. */
export const hasPublicAcl = (bucket: Bucket): boolean =>
  hasAcls(bucket) &&
  publicAccessSettings(bucket)?.IgnorePublicAcls !== true &&
  isPublicAcl(parseStoredAcl(bucket.acl, canonicalUserId(bucket.account)))

/** Whether the bucket is public and serves the owner's account alone for that. */
export const isRestricted = (bucket: Bucket): boolean =>
  publicAccessSettings(bucket)?.RestrictPublicBuckets === true && (isPublicPolicy(bucket) || hasPublicAcl(bucket))
