import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3'
import { S3Error } from '../../errors.ts'
import type { ObjectMetadata, StoredObject } from '../port.ts'

/** The headers that the SDK knows as fields of their own. */
const FIELDS = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
} as const

/** @throws S3Error InvalidArgument for an Expires that is no date, which the SDK cannot send */
export function metadataFields({ headers, user }: ObjectMetadata): Partial<PutObjectCommandInput> {
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

/** What the store says of an object, in our form. */
export function storedObject(key: string, output: HeadObjectCommandOutput): StoredObject {
  const headers = Object.entries(FIELDS).flatMap(([name, field]) => {
    const value = output[field]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    key,
    size: output.ContentLength ?? 0,
    etag: bareTag(output.ETag),
    modifiedAt: output.LastModified?.getTime() ?? 0,
    headers: { ...Object.fromEntries(headers), ...(output.ExpiresString && { expires: output.ExpiresString }) },
    user: output.Metadata ?? {},
    checksums: {},
  }
}

export const bareTag = (tag: string | undefined): string => (tag ?? '').replaceAll('"', '')
