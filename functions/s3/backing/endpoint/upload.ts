import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import type { NewObject } from '../port.ts'
import { endpointFailure } from './failures.ts'
import { metadataFields } from './object-fields.ts'

/**
 * Sends the content as it comes. Its length is announced and its last bytes arrive only proven, so a store never has the
 * whole of a content that turned out wrong: the connection ends short of the announced length.
 */
export async function upload(client: S3Client, bucket: string, object: NewObject): Promise<PutObjectCommandOutput> {
  const { key, size, content, precondition } = object
  const gone = new AbortController()
  let flaw: { readonly error: unknown } | undefined
  const watched = async function* () {
    try {
      yield* content
    } catch (error) {
      flaw = { error }
      gone.abort()
      throw error
    }
  }
  const { ifMatch, ifNoneMatch } = precondition
  const fields = {
    ...metadataFields(object),
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
  }
  const body = Readable.from(watched(), { objectMode: false })
  // The flaw is told below; unheard, the stream's own event would end the process.
  body.on('error', () => gone.abort())
  try {
    return await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: size, ...fields }),
      { abortSignal: gone.signal },
    )
  } catch (error) {
    throw flaw ? flaw.error : endpointFailure(error)
  } finally {
    body.destroy()
  }
}
