import type { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type ObjectAttributes,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import type { ByteRange } from '../../range.ts'
import { startOf } from '../listing.ts'
import type { Bucket, ListEntry, Listing, ObjectStore, OpenObject, StoredObject } from '../port.ts'
import { checksumsOf, sdkAlgorithm } from './checksum-fields.ts'
import { conditionFields } from './condition-fields.ts'
import { copySource } from './copy-source.ts'
import { asked, statusOf } from './failures.ts'
import { bareTag, metadataFields, storedObject, taggingField } from './object-fields.ts'
import { presignedRead } from './presign.ts'
import { toldChecksum } from './trailing-checksum.ts'
import { asFramed, sendContent } from './upload.ts'
import { endpointUploads } from './uploads.ts'

interface Deps {
  readonly client: S3Client
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Objects in an S3-compatible store, streamed through. Atomicity, durability and preconditions are that store's. */
export function endpointObjects({ client, now }: Deps): ObjectStore {
  const find = async ({ name }: Bucket, key: string): Promise<StoredObject | undefined> => {
    try {
      return storedObject(
        key,
        await client.send(new HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: 'ENABLED' })),
      )
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      return await asked(Promise.reject(error))
    }
  }

  /** The very version that was described; one that was replaced since is not mixed with its description. */
  const read = async ({ name }: Pick<Bucket, 'name'>, object: StoredObject, range: ByteRange | undefined) => {
    const part = range && { Range: `bytes=${range.first}-${range.last}` }
    const wish = new GetObjectCommand({ Bucket: name, Key: object.key, IfMatch: `"${object.etag}"`, ...part })
    try {
      const { Body } = await client.send(wish)
      return chunksOf(Body as Readable)
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 404) throw new S3Error('SlowDown', { cause: error })
      return await asked(Promise.reject(error))
    }
  }

  /** Description and content by one request. */
  const openWhole = async ({ name }: Bucket, key: string): Promise<OpenObject | undefined> => {
    try {
      const output = await client.send(withChecksums(new GetObjectCommand({ Bucket: name, Key: key })))
      const body = output.Body as Readable
      const object = storedObject(key, output)
      return {
        object,
        read: async (range) => {
          if (!range) return chunksOf(body)
          body.destroy()
          return await read({ name }, object, range)
        },
        close: async () => void body.destroy(),
      }
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      return await asked(Promise.reject(error))
    }
  }

  return {
    find,

    async put({ name }, object) {
      const { key, size, headers, user, content, tags, announced, precondition } = object
      const told = toldChecksum(announced, size, object.checksums)
      const fields = {
        ...metadataFields(object),
        ...taggingField(tags),
        ...told.fields,
        ...conditionFields(precondition),
      }
      const { ETag } = await sendContent(told.frame(content), (Body, abortSignal) => {
        const wish = new PutObjectCommand({ Bucket: name, Key: key, Body, ContentLength: size, ...fields })
        return client.send(asFramed(wish, told), { abortSignal })
      })
      return { key, size, headers, user, etag: bareTag(ETag), modifiedAt: now(), checksums: object.checksums() }
    },

    async open(bucket, key, { whole } = { whole: false }) {
      if (whole) return await openWhole(bucket, key)
      const object = await find(bucket, key)
      if (!object) return undefined
      return { object, read: (range) => read(bucket, object, range), close: async () => undefined }
    },

    async remove(bucket, key, precondition) {
      const { name } = bucket
      const { ifMatch, checkedHereAlone } = precondition
      if (checkedHereAlone) throw new S3Error('NotImplemented')
      // Asked for here too, since many stores remove regardless.
      if (ifMatch !== undefined) precondition.check(await find(bucket, key))
      const condition = ifMatch === undefined ? {} : { IfMatch: ifMatch }
      await asked(client.send(new DeleteObjectCommand({ Bucket: name, Key: key, ...condition })))
    },

    async list({ name }, query) {
      const after = startOf(query)
      const wish = new ListObjectsV2Command({
        Bucket: name,
        EncodingType: 'url',
        MaxKeys: query.limit,
        ...(query.prefix !== '' && { Prefix: query.prefix }),
        ...(query.delimiter !== '' && { Delimiter: query.delimiter }),
        ...(after !== '' && { StartAfter: after }),
      })
      return toListing(await asked(client.send(wish)))
    },

    async copy(from, source, bucket, { key, metadata, tags, algorithm, precondition }) {
      await source.close()
      const ChecksumAlgorithm = algorithm && sdkAlgorithm(algorithm)
      const wish = new CopyObjectCommand({
        Bucket: bucket.name,
        Key: key,
        ...copySource(from.name, source),
        ...(metadata && { MetadataDirective: 'REPLACE', ...metadataFields(metadata) }),
        ...(tags && { TaggingDirective: 'REPLACE', ...taggingField(tags) }),
        ...(ChecksumAlgorithm && { ChecksumAlgorithm }),
        ...conditionFields(precondition),
      })
      const { CopyObjectResult: made = {} } = await asked(client.send(wish))
      const { size } = source.object
      const { headers, user } = metadata ?? source.object
      const modifiedAt = made.LastModified?.getTime() ?? now()
      const told = checksumsOf(made)
      const expected = algorithm !== undefined || Object.keys(source.object.checksums).length > 0
      const untold = expected && Object.keys(told).length === 0
      const checksums = (untold && (await find(bucket, key))?.checksums) || told
      return { key, size, headers, user, etag: bareTag(made.ETag), modifiedAt, checksums }
    },

    async tags({ name }, key) {
      try {
        const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket: name, Key: key }))
        return TagSet.map(({ Key = '', Value = '' }) => [Key, Value] as const)
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        return await asked(Promise.reject(error))
      }
    },

    async setTags({ name }, key, tags) {
      const TagSet = tags.map(([Key, Value]) => ({ Key, Value }))
      if (tags.length === 0) await asked(client.send(new DeleteObjectTaggingCommand({ Bucket: name, Key: key })))
      else await asked(client.send(new PutObjectTaggingCommand({ Bucket: name, Key: key, Tagging: { TagSet } })))
    },

    async part({ name }, { key, etag }, number) {
      const wish = {
        Bucket: name,
        Key: key,
        PartNumber: number,
        IfMatch: `"${etag}"`,
        ChecksumMode: 'ENABLED',
      } as const
      try {
        const head = await client.send(new HeadObjectCommand(wish))
        const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(head.ContentRange ?? '') ?? []
        if (first === undefined || last === undefined) return undefined
        const range = { first: Number(first), last: Number(last) }
        return { number, size: range.last - range.first + 1, checksums: checksumsOf(head), range }
      } catch (error) {
        if (statusOf(error) === 416 || statusOf(error) === 400) return undefined
        return await asked(Promise.reject(error))
      }
    },

    async parts({ name }, { key }, { after, limit }) {
      const ObjectAttributes: ObjectAttributes[] = ['ObjectParts']
      const page = { ...(after > 0 && { PartNumberMarker: String(after) }), MaxParts: limit }
      const wish = new GetObjectAttributesCommand({ Bucket: name, Key: key, ObjectAttributes, ...page })
      const { ObjectParts: { Parts = [], IsTruncated = false } = {} } = await asked(client.send(wish))
      const parts = Parts.map((part) => ({
        number: part.PartNumber ?? 0,
        size: part.Size ?? 0,
        checksums: checksumsOf(part),
      }))
      return { parts, more: IsTruncated }
    },

    presignedRead: ({ name }, key, query) => presignedRead(client, { bucket: name, key, query }, now()),

    uploads: endpointUploads({ client, now }),
  }
}

/** Asks for the checksums, but not the SDK to work them out once more while the content passes. */
function withChecksums(command: GetObjectCommand): GetObjectCommand {
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-amz-checksum-mode': 'ENABLED' })
      return next(args)
    },
    { step: 'build', name: 'askForChecksums' },
  )
  return command
}

/** The stream's own iterator would not free the connection when nothing was read. */
function chunksOf(stream: Readable): AsyncIterableIterator<Buffer> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  return {
    next: () => chunks.next(),
    async return() {
      stream.destroy()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function toListing({
  EncodingType,
  Contents = [],
  CommonPrefixes = [],
  IsTruncated,
}: ListObjectsV2CommandOutput): Listing {
  const decode = (text = '') => (EncodingType === 'url' ? decodeURIComponent(text.replaceAll('+', '%20')) : text)
  const objects = Contents.map((content): ListEntry => {
    const { Key, Size = 0, ETag, LastModified } = content
    const known = { size: Size, etag: bareTag(ETag), modifiedAt: LastModified?.getTime() ?? 0 }
    return { kind: 'object', object: { key: decode(Key), ...known, headers: {}, user: {}, checksums: {} } }
  })
  const prefixes = CommonPrefixes.map(({ Prefix }): ListEntry => ({ kind: 'prefix', prefix: decode(Prefix) }))
  const entries = [...objects, ...prefixes].sort((a, b) => compareUtf8(nameOf(a), nameOf(b)))
  const last = entries.at(-1)
  return IsTruncated && last ? { entries, next: nameOf(last) } : { entries }
}

const nameOf = (entry: ListEntry) => (entry.kind === 'object' ? entry.object.key : entry.prefix)
