import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { openObjects } from './durable-objects.ts'

/**
 * Puts, covers and removes versions as fast as it can until it is killed, and says each change that was acknowledged: what it
 * was, of which key, and of which version.
 */
const { objects, bucket } = await openObjects(process.argv[2] ?? '')
const precondition = { check: () => undefined }
const enabled: Bucket = { ...bucket, versioning: 'Enabled' }
const suspended: Bucket = { ...bucket, versioning: 'Suspended' }

async function put(to: Bucket, key: string): Promise<string> {
  const body = Buffer.from(`${randomUUID()}${'x'.repeat(Math.random() < 0.3 ? 100_000 : 10)}`)
  const content = (async function* () {
    yield body
  })()
  const bare = { headers: {}, user: {}, tags: [], checksums: () => ({}) }
  return (await objects.put(to, { ...bare, key, size: body.length, content, precondition })).versionId ?? 'null'
}

async function work(key: string) {
  const names: string[] = []
  for (let turn = 0; ; turn++) {
    const to = turn % 7 === 5 ? suspended : enabled
    const old = turn % 3 === 2 ? names[turn % 2 === 0 ? 0 : names.length - 1] : undefined
    if (old !== undefined) {
      await objects.remove(to, key, precondition, old)
      names.splice(names.indexOf(old), 1)
      writeSync(1, `- ${key} ${old}\n`)
      continue
    }
    const name = turn % 4 === 3 ? (await objects.remove(to, key, precondition)).versionId : await put(to, key)
    if (name === undefined) throw new Error('a delete marker has a version')
    if (names.includes(name)) names.splice(names.indexOf(name), 1)
    names.unshift(name)
    writeSync(1, `+ ${key} ${name}\n`)
  }
}

await put(bucket, 'older')
await Promise.all(['a', 'b', 'c', 'older'].map((key) => work(key === 'older' ? key : `${key}-${randomUUID()}`)))
