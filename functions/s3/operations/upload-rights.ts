import type { Call, ContextKeys, Need, Needs } from '../call.ts'
import { parseCopySource } from '../copy-source.ts'
import { parseTaggingHeader, type Tags } from '../tags.ts'

/** Headers that policies may ask about, each under the name that S3 gives it. */
const CONDITION_HEADERS = {
  'x-amz-acl': 's3:x-amz-acl',
  'x-amz-storage-class': 's3:x-amz-storage-class',
  'x-amz-server-side-encryption': 's3:x-amz-server-side-encryption',
  'x-amz-metadata-directive': 's3:x-amz-metadata-directive',
  'if-match': 's3:if-match',
  'if-none-match': 's3:if-none-match',
} as const

/** What a policy may ask about the tags that a request brings. */
export const requestTagKeys = (tags: Tags): ReadonlyMap<string, readonly string[]> =>
  new Map<string, readonly string[]>([
    ...tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, [value]] as const),
    ...(tags.length > 0 ? [['s3:RequestObjectTagKeys', tags.map(([key]) => key)] as const] : []),
  ])

const copySourceKey = ({ request }: Call) => {
  if (request.headers['x-amz-copy-source'] === undefined) return []
  const { bucket, key } = parseCopySource(request.headers)
  return [['s3:x-amz-copy-source', [`${bucket}/${key}`]] as const]
}

/** The condition keys of s3:PutObject. */
export const uploadKeys: ContextKeys = (call) =>
  new Map([
    ...Object.entries(CONDITION_HEADERS).flatMap(([header, key]) => {
      const value = call.request.headers[header]
      return value === undefined ? [] : [[key, [value]] as const]
    }),
    ...copySourceKey(call),
    ...requestTagKeys(parseTaggingHeader(call.request.headers['x-amz-tagging'])),
  ])

/** Tags that come with an upload need the right to tag. */
export const taggingNeeds: Needs = ({ request }) => {
  const tags = parseTaggingHeader(request.headers['x-amz-tagging'])
  return tags.length > 0 ? [{ action: 's3:PutObjectTagging', keys: requestTagKeys(tags) }] : []
}

/** The right to read the source of a copy. */
export const sourceNeeds = ({ request }: Call): readonly Need[] => [
  { action: 's3:GetObject', source: parseCopySource(request.headers) },
]
