import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { followsCeph } from './dialect.ts'
import { S3Error } from './errors.ts'
import { percentDecoded } from './target.ts'
import { group, text, type Xml } from './xml.ts'

/** Keys and values in the order in which they were given; no key twice, but on buckets of Ceph-style accounts. */
export type Tags = readonly (readonly [key: string, value: string])[]

/** S3's limits (S3 user guide, "Object tagging"; a bucket may have more). */
export const MAX_OBJECT_TAGS = 10
export const MAX_BUCKET_TAGS = 50
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

const invalid = (message: string, elements = {}) => new S3Error('InvalidTag', { message, elements })

/** @throws S3Error InvalidTag, BadRequest for too many */
function verifyTags(tags: Tags, most: number, repeats = false): Tags {
  if (tags.length > most) {
    throw new S3Error('BadRequest', {
      message:
        most === MAX_OBJECT_TAGS
          ? `Object tags cannot be greater than ${most}`
          : `Tag set cannot hold more than ${most} tags`,
    })
  }
  const seen = new Set<string>()
  for (const [key, value] of tags) {
    if (key === '' || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
      throw invalid('The TagKey you have provided is invalid', { TagKey: key })
    }
    if (value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw invalid('The TagValue you have provided is invalid', { TagKey: key, TagValue: value })
    }
    if (key.toLowerCase().startsWith('aws:')) throw invalid('System tags cannot be added/updated by requester')
    if (seen.has(key) && !repeats) throw invalid('Cannot provide multiple Tags with the same key', { TagKey: key })
    seen.add(key)
  }
  return tags
}

/** Whether tags of this bucket and its objects may repeat a key: Ceph lets them. */
export const repeatsOf = (bucket: { readonly account: string }) => ({ repeats: followsCeph(bucket) })

/**
 * The tags of an `x-amz-tagging` header, which writes them as a query string does.
 * @throws S3Error InvalidArgument, InvalidTag, BadRequest
 */
export function parseTaggingHeader(header: string | undefined, { repeats = false } = {}): Tags {
  if (header === undefined || header === '') return []
  const decoded = (part: string) => {
    try {
      return percentDecoded(part.replaceAll('+', '%20'))
    } catch (cause) {
      throw new S3Error('InvalidArgument', {
        message: "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters.",
        elements: { ArgumentName: 'x-amz-tagging' },
        cause,
      })
    }
  }
  const tags = header
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [key = '', ...value] = part.split('=')
      return [decoded(key), decoded(value.join('='))] as const
    })
  return verifyTags(tags, MAX_OBJECT_TAGS, repeats)
}

/**
 * The tags of a `Tagging` document. Ceph lets a bucket repeat a key (`repeats`).
 * @throws S3Error MalformedXML, InvalidTag, BadRequest
 */
export function parseTagging(root: XmlElement, most: number, { repeats = false } = {}): Tags {
  const [set, ...others] = elementsOf(root)
  if (set?.name !== 'TagSet' || others.length > 0) throw new S3Error('MalformedXML')
  const tags = elementsOf(set).map((tag) => {
    const one = (name: string) => {
      const [element, ...more] = elementsOf(tag, name)
      if (!element || more.length > 0) throw new S3Error('MalformedXML')
      return textOf(element)
    }
    if (tag.name !== 'Tag') throw new S3Error('MalformedXML')
    return [one('Key'), one('Value')] as const
  })
  return verifyTags(tags, most, repeats)
}

/** The content of a `Tagging` answer. */
export const tagSet = (tags: Tags): Xml =>
  group('TagSet', ...tags.map(([key, value]) => group('Tag', text('Key', key), text('Value', value))))
