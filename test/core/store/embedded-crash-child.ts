import { writeSync } from 'node:fs'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'

/**
 * Writes sessions and configuration until it is killed, and says `<id> <step>` on standard output as soon as a step is
 * acknowledged. Steps: 1 put, 2 updated, 3 removed (every third item only).
 */
const [directory = '', round = '0'] = process.argv.slice(2)
const log = { info() {}, warn() {}, error: (entry: unknown) => writeSync(2, `${JSON.stringify(entry)}\n`) }
const store = await openEmbeddedStore({ directory, clock: systemClock, log })
const expiresAt = Math.floor(Date.now() / 1000) + 86_400

/** Written before it returns, so that no acknowledgement is lost in a buffer; the pipe may be full for a while. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}

async function live(kind: 'session' | 'user', number: number): Promise<void> {
  const id = `${kind}-${round}-${number}`
  const key = kind === 'session' ? sessionKey(id) : { pk: 'USER#0', sk: id }
  const durability = kind === 'session' ? 'session' : 'configuration'
  const acknowledge = (step: number) => say(`${id} ${step}\n`)
  const item = { ...key, expiresAt: expiresAt + (number % 50) * 60, step: 1, filling: 'x'.repeat(number % 2000) }
  await store.put(item, { durability })
  acknowledge(1)
  await store.update(key, { set: { step: 2 } })
  acknowledge(2)
  if (number % 3 !== 0) return
  await store.remove(key, { durability })
  acknowledge(3)
}

async function liveOn(kind: 'session' | 'user', first: number): Promise<void> {
  for (let number = first; ; number += 8) await live(kind, number)
}

await Promise.all(Array.from({ length: 8 }, (_, i) => liveOn(i % 2 === 0 ? 'session' : 'user', i)))
