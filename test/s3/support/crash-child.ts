import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openObjects } from './durable-objects.ts'
import { openObject } from './open-object.ts'

/**
 * Writes, copies, completes and removes objects as fast as it can until it is killed, and says each that was acknowledged.
 * Content begins with its turn, so that who reads it later knows which write it sees.
 */
const { objects, bucket } = await openObjects(process.argv[2] ?? '')
const precondition = { check: () => undefined }
const bare = { headers: {}, user: {}, tags: [], checksums: () => ({}) }

const contentOf = (turn: number) => Buffer.concat([Buffer.from(`${turn}\n`), randomBytes((turn % 4) * 50_000)])
const stream = async function* (content: Buffer) {
  yield content
}

type Write = (key: string, content: Buffer) => Promise<unknown>

const put: Write = (key, content) =>
  objects.put(bucket, { ...bare, key, size: content.length, content: stream(content), precondition })

const copy: Write = async (key, content) => {
  await put(`${key}-source`, content)
  const source = await openObject(objects, bucket, `${key}-source`)
  if (source) await objects.copy(bucket, source, bucket, { key, tags: [], precondition })
}

/** Of the two parts one is written twice and one is not named; every third upload is aborted before. */
const complete: Write = async (key, content) => {
  const begin = () => objects.uploads.create(bucket, { ...bare, key, initiator: 'child' })
  const part = (uploadId: string, number: number) =>
    objects.uploads.putPart(
      bucket,
      { key, uploadId },
      { number, size: 0, content: stream(content), checksums: () => ({}) },
    )
  if (content.length % 3 === 0) {
    const { uploadId } = await begin()
    await part(uploadId, 1)
    await objects.uploads.abort(bucket, { key, uploadId })
  }
  const { uploadId } = await begin()
  await Promise.all([part(uploadId, 1), part(uploadId, 1), part(uploadId, 2)])
  const etag = createHash('md5').update(content).digest('hex')
  const parts = [{ number: 1, etag, checksums: {} }]
  await objects.uploads.complete(bucket, { key, uploadId }, { parts, precondition, checksums: {} })
}

async function work(key: string, write: Write) {
  for (let turn = 0; ; turn++) {
    if (turn % 5 === 4) await objects.remove(bucket, key, precondition)
    else await write(key, contentOf(turn))
    writeSync(1, `${key} ${turn}\n`)
  }
}

await Promise.all([
  ...['a', 'b'].map((name) => work(`${name}-${randomUUID()}`, put)),
  work(`copied-${randomUUID()}`, copy),
  ...['c', 'd'].map((name) => work(`parts-${name}-${randomUUID()}`, complete)),
])
