import type { GetObjectCommandOutput, HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3'
import { S3Error } from '../../errors.ts'
import type { Tags } from '../../tags.ts'
import type { ObjectMetadata, StoredObject } from '../port.ts'
import { checksumsOf } from './checksum-fields.ts'

/** The headers that the SDK knows as fields of their own. */
const FIELDS = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
} as const

type MetadataFields = Pick<PutObjectCommandInput, (typeof FIELDS)[keyof typeof FIELDS] | 'Metadata' | 'Expires'>

/** @throws S3Error InvalidArgument for an Expires that is no date, which the SDK cannot send */
export function metadataFields({ headers, user }: ObjectMetadata): MetadataFields {
  const fields = Object.entries(FIELDS).flatMap(([name, field]) => {
    const value = headers[name]
    return value === undefined ? [] : [[field, value] as const]
  })
  const expires = headers.expires
  if (expires !== undefined && Number.isNaN(Date.parse(expires))) {
    throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'Expires' } })
  }
  return {
    ...Object.fromEntries(fields),
    Metadata: { ...user },
    ...(expires !== undefined && { Expires: new Date(expires) }),
  }
}

/** Tags as the header writes them. */
export const taggingField = (tags: Tags): { Tagging?: string } =>
  tags.length === 0
    ? {}
    : { Tagging: tags.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&') }

/** How many parts an object was completed of, which its tag tells when the store does not. */
const partsOf = (etag: string) => /-(\d{1,5})$/.exec(etag)?.[1]

/** What the store says of an object, in our form. */
export function storedObject(key: string, output: HeadObjectCommandOutput | GetObjectCommandOutput): StoredObject {
  const headers = Object.entries(FIELDS).flatMap(([name, field]) => {
    const value = output[field]
    return value === undefined ? [] : [[name, value] as const]
  })
  const etag = bareTag(output.ETag)
  const parts = output.PartsCount ?? partsOf(etag)
  const checksums = checksumsOf(output)
  const composite = output.ChecksumType === 'COMPOSITE' || Object.values(checksums).some((value) => value.includes('-'))
  return {
    key,
    size: output.ContentLength ?? 0,
    etag,
    modifiedAt: output.LastModified?.getTime() ?? 0,
    headers: { ...Object.fromEntries(headers), ...(output.ExpiresString && { expires: output.ExpiresString }) },
    user: output.Metadata ?? {},
    checksums,
    ...(composite && { checksumType: 'COMPOSITE' }),
    ...(parts !== undefined && { parts: Number(parts) }),
    ...(output.TagCount ? { tagCount: output.TagCount } : {}),
  }
}

export const bareTag = (tag: string | undefined): string => (tag ?? '').replaceAll('"', '')
