import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import { describe, expect, it, onTestFinished } from 'vitest'

const CHILD = fileURLToPath(new URL('./embedded-crash-child.ts', import.meta.url))
const REMOVED = 3

/** Kills a writing child after so many acknowledgements; answers the last acknowledged step of each id. */
async function acknowledgedBeforeKill(directory: string, round: number, lines: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [CHILD, directory, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const acknowledged = new Map<string, number>()
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', step] = line.split(' ')
    acknowledged.set(id, Number(step))
    if (++count === lines) child.kill('SIGKILL')
  }
  return acknowledged
}

describe('after its process was killed at any instant, the embedded store', () => {
  it('holds every write that was acknowledged', { timeout: 120_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'daypass-crash-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const everything = new Map<string, number>()
    for (const [round, lines] of [1, 7, 60, 333, 1500].entries()) {
      const acknowledged = await acknowledgedBeforeKill(directory, round, lines)
      expect(acknowledged.size).toBeGreaterThan(0)
      for (const [id, step] of acknowledged) everything.set(id, step)
      const complaints: unknown[] = []
      const log = { info() {}, warn() {}, error: (entry: unknown) => complaints.push(entry) }
      const store = await openEmbeddedStore({ directory, clock: systemClock, log })
      for (const [id, step] of everything) {
        const key = id.startsWith('session') ? sessionKey(id) : { pk: 'USER#0', sk: id }
        const found = (await store.get(key))?.step ?? REMOVED
        // The step that was under way may have been written or not; once it was seen it stays.
        expect([step, step + 1], id).toContain(found)
        everything.set(id, Number(found))
      }
      expect(complaints).toEqual([])
      await store.close()
    }
  })
})
