import { S3Error } from '../../errors.ts'
import type { ByteRange } from '../../range.ts'
import type { Bucket } from '../buckets-port.ts'
import { isDeleteMarker, type ObjectStore, type OpenObject, type StoredObject } from '../port.ts'
import type { StoreAnswer } from './answer.ts'
import { WITH_CHECKSUMS } from './checksum-fields.ts'
import type { StoreClient } from './client.ts'
import { asked, statusOf } from './failures.ts'
import { storedObject } from './object-fields.ts'
import { absentOf, isAskedFor, versionQuery } from './versions.ts'

/** Descriptions and contents of objects in the store, streamed through. */
export function objectReads(client: StoreClient): Pick<ObjectStore, 'find' | 'open'> {
  const find: ObjectStore['find'] = async ({ name: bucket }, key, versionId) => {
    const query = versionQuery(versionId)
    try {
      const told = await client.headers({ method: 'HEAD', bucket, key, query, headers: WITH_CHECKSUMS })
      return isAskedFor(told, versionId) ? storedObject(key, told) : undefined
    } catch (error) {
      return await absentOf(error, key, versionId)
    }
  }

  /**
   * The very version that was described, and no more of it than was asked for: one that was replaced since is not mixed with its
   * description, and the length that readers were told is that of what follows.
   */
  const read = async (
    { name: bucket }: Bucket,
    { key, etag, size }: StoredObject,
    range: ByteRange | undefined,
    versionId?: string,
  ) => {
    const query = versionQuery(versionId)
    const headers = { 'if-match': `"${etag}"`, ...(range && { range: `bytes=${range.first}-${range.last}` }) }
    try {
      const answer = await client.open({ method: 'GET', bucket, key, query, headers })
      if (isExactly(answer, range ?? { first: 0, last: size - 1 }, size)) return answer.body
      await answer.body.return?.()
      throw new Error('the store answers with another part of an object than was asked for')
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 404) throw new S3Error('SlowDown', { cause: error })
      return await asked(Promise.reject(error))
    }
  }

  /** Description and content by one request. */
  const openWhole = async (bucket: Bucket, key: string, versionId?: string) => {
    const query = versionQuery(versionId)
    let close = async () => {}
    try {
      const wish = { method: 'GET', bucket: bucket.name, key, query, headers: WITH_CHECKSUMS } as const
      const { headers, body } = await client.open(wish)
      close = async () => void (await body.return?.())
      if (!isAskedFor(headers, versionId)) {
        await close()
        return undefined
      }
      const object = storedObject(key, headers)
      return {
        object,
        ...(versionId !== undefined && { asked: versionId }),
        async read(range?: ByteRange) {
          if (!range) return body
          await close()
          return await read(bucket, object, range, versionId)
        },
        close,
      } satisfies OpenObject
    } catch (error) {
      await close()
      return await absentOf(error, key, versionId)
    }
  }

  return {
    find,

    async open(bucket, key, { whole, versionId } = {}) {
      if (whole) return await openWhole(bucket, key, versionId)
      const object = await find(bucket, key, versionId)
      if (!object || isDeleteMarker(object)) return object
      return {
        object,
        ...(versionId !== undefined && { asked: versionId }),
        read: (range) => read(bucket, object, range, versionId),
        close: async () => undefined,
      }
    },
  }
}

/** Whether an answer is of these bytes and says so: a store may ignore that a range was asked for (RFC 9110 14.2). */
function isExactly({ headers }: StoreAnswer, { first, last }: ByteRange, size: number): boolean {
  if (headers['content-length'] !== String(last - first + 1)) return false
  const stated = headers['content-range']
  return stated === undefined ? last - first + 1 === size : stated.startsWith(`bytes ${first}-${last}/`)
}
