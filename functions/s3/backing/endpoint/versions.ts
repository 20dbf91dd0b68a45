import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import { s3Document, text } from '../../xml.ts'
import type { Bucket, VersioningStatus } from '../buckets-port.ts'
import type { VersionEntry, VersionListing } from '../listings-port.ts'
import type { DeleteMarker, ObjectStore, Removal } from '../port.ts'
import { decoderOf, textIn, timeOf } from './answer.ts'
import type { StoreClient } from './client.ts'
import { documentBody } from './content.ts'
import { asked, codeOf, StoreFailure, statusOf } from './failures.ts'
import { bareTag } from './object-fields.ts'

type Headers = Readonly<Record<string, string>>

/** What the one version of an object is called in a store that keeps none. */
export const NULL_VERSION = 'null'

/** Which version the store's answer is about, where it says so. */
export const versionIn = (headers: Headers): { readonly versionId?: string } =>
  headers['x-amz-version-id'] ? { versionId: headers['x-amz-version-id'] } : {}

/** What the store's answer to a removal says. */
export const removalIn = (headers: Headers): Removal => ({
  ...versionIn(headers),
  ...(headers['x-amz-delete-marker'] === 'true' && { marker: true }),
})

/**
 * The name of a version as it goes to the store, whose form is that store's own.
 * @throws S3Error InvalidArgument
 */
export function versionQuery(versionId: string | undefined): { readonly versionId?: string } {
  if (versionId === undefined) return {}
  if (!/^[\x21-\x7e]{1,1024}$/.test(versionId)) throw invalidVersion(versionId)
  return { versionId }
}

const invalidVersion = (versionId: string) =>
  new S3Error('InvalidArgument', {
    message: 'Invalid version id specified',
    elements: { ArgumentName: 'versionId', ArgumentValue: versionId },
  })

/** A store that ignores the names of versions answers of another than was asked for: that one is never taken for it. */
export const isAskedFor = (headers: Headers, versionId: string | undefined): boolean =>
  versionId === undefined || (headers['x-amz-version-id'] ?? NULL_VERSION) === versionId

/**
 * What a store that refuses to read an object says of it: a delete marker, or `undefined` for nothing.
 * @throws S3Error for any other failure
 */
export async function absentOf(error: unknown, key: string, versionId?: string): Promise<DeleteMarker | undefined> {
  const status = statusOf(error)
  const headers = error instanceof StoreFailure ? error.headers : {}
  const marks = headers['x-amz-delete-marker'] === 'true'
  const modifiedAt = timeOf(headers['last-modified']) ?? 0
  const named = versionId ?? headers['x-amz-version-id']
  if (marks && named !== undefined && (status === 404 || status === 405)) {
    return { marker: true, key, versionId: named, modifiedAt }
  }
  if (status === 404) return undefined
  if (versionId !== undefined && status === 405) return { marker: true, key, versionId, modifiedAt }
  if (versionId !== undefined && status === 400) throw invalidVersion(versionId)
  return await asked(Promise.reject(error))
}

/** Whether a store has no versions to tell of. */
const hasNone = (error: unknown) => statusOf(error) === 501 || statusOf(error) === 405

type Versions = Pick<ObjectStore, 'listVersions' | 'versioning' | 'setVersioning'>

/** The versions of a store that keeps them; those of one that does not are each object's only one. */
export function endpointVersions(client: StoreClient, list: ObjectStore['list']): Versions {
  return {
    async versioning({ name: bucket }) {
      try {
        const status = textIn(await client.document({ method: 'GET', bucket, query: { versioning: '' } }), 'Status')
        return status === 'Enabled' || status === 'Suspended' ? status : undefined
      } catch (error) {
        if (hasNone(error)) return undefined
        return await asked(Promise.reject(error))
      }
    },

    async setVersioning({ name: bucket }: Bucket, status: VersioningStatus) {
      const content = documentBody(s3Document('VersioningConfiguration', text('Status', status)))
      try {
        await client.headers({ method: 'PUT', bucket, query: { versioning: '' }, ...content })
      } catch (error) {
        if (!hasNone(error)) return await asked(Promise.reject(error))
        throw new S3Error('NotImplemented', {
          message: 'The store behind this endpoint keeps no versions of objects.',
          cause: error,
        })
      }
    },

    async listVersions(bucket, { prefix, delimiter, key, versionId, limit }) {
      const query = {
        versions: '',
        'encoding-type': 'url',
        'max-keys': limit,
        prefix: prefix || undefined,
        delimiter: delimiter || undefined,
        'key-marker': key || undefined,
        'version-id-marker': versionId || undefined,
      }
      try {
        return toListing(await client.document({ method: 'GET', bucket: bucket.name, query }))
      } catch (error) {
        if (hasNone(error)) return onlyVersions(await list(bucket, { prefix, delimiter, limit, after: key }))
        if (statusOf(error) === 400 && versionId !== '' && codeOf(error) === 'InvalidArgument') {
          throw invalidVersion(versionId)
        }
        return await asked(Promise.reject(error))
      }
    },
  }
}

function onlyVersions({ entries, next }: Awaited<ReturnType<ObjectStore['list']>>): VersionListing {
  return {
    entries: entries.map((entry) =>
      entry.kind === 'prefix'
        ? entry
        : { kind: 'version', latest: true, object: { ...entry.object, versionId: NULL_VERSION } },
    ),
    ...(next !== undefined && { next: { key: next } }),
  }
}

/** The order within a key is the store's, which knows what is newer. */
function toListing(document: XmlElement): VersionListing {
  const decode = decoderOf(document)
  const entries = elementsOf(document).flatMap((element): VersionEntry[] => {
    if (element.name === 'CommonPrefixes') return [{ kind: 'prefix', prefix: decode(textIn(element, 'Prefix')) }]
    const latest = textIn(element, 'IsLatest') === 'true'
    const versionId = textIn(element, 'VersionId') ?? NULL_VERSION
    const known = {
      key: decode(textIn(element, 'Key')),
      versionId,
      modifiedAt: timeOf(textIn(element, 'LastModified')) ?? 0,
    }
    if (element.name === 'DeleteMarker') return [{ kind: 'marker', latest, object: { marker: true, ...known } }]
    if (element.name !== 'Version') return []
    const size = Number(textIn(element, 'Size') ?? 0)
    const etag = bareTag(textIn(element, 'ETag'))
    const object = { ...known, size, etag, headers: {}, user: {}, checksums: {} }
    return [{ kind: 'version', latest, object }]
  })
  const sorted = entries.toSorted((a, b) => compareUtf8(nameOf(a), nameOf(b)))
  const last = sorted.at(-1)
  if (textIn(document, 'IsTruncated') !== 'true' || !last) return { entries: sorted }
  const versionId = last.kind === 'prefix' ? undefined : last.object.versionId
  const marker = textIn(document, 'NextVersionIdMarker') ?? versionId
  const next = textIn(document, 'NextKeyMarker')
  const key = next === undefined ? nameOf(last) : decode(next)
  return { entries: sorted, next: { key, ...(marker !== undefined && { versionId: marker }) } }
}

const nameOf = (entry: VersionEntry) => (entry.kind === 'prefix' ? entry.prefix : entry.object.key)
