import { encoded } from '@daypass/core/sigv4/sign.ts'
import { S3Error } from '../../errors.ts'
import type { Tags } from '../../tags.ts'
import type { ObjectMetadata, OpenObject, StoredObject, WritePrecondition } from '../port.ts'
import { timeOf } from './answer.ts'
import { headerChecksums } from './checksum-fields.ts'

type Headers = Readonly<Record<string, string>>

/** The headers that an object keeps as they are. */
const KEPT = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type'] as const
const USER = 'x-amz-meta-'

/** @throws S3Error InvalidArgument for an Expires that is no date, which stores refuse */
export function metadataHeaders({ headers, user }: ObjectMetadata): Headers {
  const sent: Record<string, string> = {}
  for (const name of KEPT) if (headers[name] !== undefined) sent[name] = headers[name]
  for (const [name, value] of Object.entries(user)) sent[USER + name] = value
  if (headers.expires !== undefined) {
    const time = timeOf(headers.expires)
    if (time === undefined) throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'Expires' } })
    sent.expires = new Date(time).toUTCString()
  }
  return sent
}

/** Tags as the header writes them. */
export const taggingHeader = (tags: Tags): Headers =>
  tags.length === 0
    ? {}
    : { 'x-amz-tagging': tags.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join('&') }

/** A precondition as the store checks it. */
export const conditionHeaders = ({ ifMatch, ifNoneMatch }: Omit<WritePrecondition, 'check'>): Headers => ({
  ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
})

/** Names the very version that was opened as the source of a copy. */
export const copySourceHeaders = (bucket: string, { object, asked }: OpenObject): Headers => ({
  'x-amz-copy-source': `${bucket}/${object.key.split('/').map(encoded).join('/')}${
    asked === undefined ? '' : `?versionId=${encoded(asked)}`
  }`,
  'x-amz-copy-source-if-match': `"${object.etag}"`,
})

/** How many parts an object was completed of, which its tag tells when the store does not. */
const partsOf = (etag: string) => /-(\d{1,5})$/.exec(etag)?.[1]

/**
 * What the store says of an object, in our form.
 * @throws Error when it does not say how long it is
 */
export function storedObject(key: string, told: Headers): StoredObject {
  const size = Number(told['content-length'] ?? Number.NaN)
  if (!Number.isSafeInteger(size)) throw new Error('the store does not say how long an object is')
  const headers: Record<string, string> = {}
  for (const name of KEPT) if (told[name] !== undefined) headers[name] = told[name]
  if (told.expires) headers.expires = told.expires
  const user = Object.entries(told).flatMap(([name, value]) =>
    name.startsWith(USER) ? [[name.slice(USER.length), value] as const] : [],
  )
  const etag = bareTag(told.etag)
  const parts = told['x-amz-mp-parts-count'] ?? partsOf(etag)
  const checksums = headerChecksums(told)
  const composite =
    told['x-amz-checksum-type'] === 'COMPOSITE' || Object.values(checksums).some((value) => value.includes('-'))
  const tagCount = Number(told['x-amz-tagging-count'] ?? 0)
  return {
    key,
    size,
    etag,
    modifiedAt: timeOf(told['last-modified']) ?? 0,
    headers,
    user: Object.fromEntries(user),
    checksums,
    ...(composite && { checksumType: 'COMPOSITE' }),
    ...(parts !== undefined && { parts: Number(parts) }),
    ...(tagCount > 0 && { tagCount }),
    ...(told['x-amz-version-id'] && { versionId: told['x-amz-version-id'] }),
  }
}

export const bareTag = (tag: string | undefined): string => (tag ?? '').replaceAll('"', '')
