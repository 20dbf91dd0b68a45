import { randomBytes, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openObjects } from './durable-objects.ts'

/**
 * Writes and removes objects as fast as it can until it is killed, and says each that was acknowledged. Content begins
 * with its turn, so that who reads it later knows which write it sees.
 */
const { objects, bucket } = await openObjects(process.argv[2] ?? '')
const precondition = { check: () => undefined }

async function* contentOf(turn: number) {
  yield Buffer.from(`${turn}\n`)
  for (let i = 0; i < turn % 4; i++) yield randomBytes(50_000)
}

async function work(key: string) {
  for (let turn = 0; ; turn++) {
    if (turn % 5 === 4) await objects.remove(bucket, key, precondition)
    else {
      const content = contentOf(turn)
      await objects.put(bucket, {
        key,
        size: 0,
        headers: {},
        user: {},
        content,
        tags: [],
        checksums: () => ({}),
        precondition,
      })
    }
    writeSync(1, `${key} ${turn}\n`)
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map((name) => work(`${name}-${randomUUID()}`)))
