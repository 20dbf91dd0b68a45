import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogRecord } from '@daypass/core/deps.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRing } from '../../../infra/local/ring-files.ts'
import { ManualClock } from '../../support/manual-clock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-ring-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a key ring in a file', () => {
  it('that cannot be read any more serves on, and the log tells the operator once', async () => {
    const clock = new ManualClock()
    const warned: LogRecord[] = []
    const log = { info() {}, warn: (record: LogRecord) => warned.push(record), error() {} }
    const path = join(folder, 'ring.json')
    const ring = await openRing(path, { clock, log }, true)
    const { id } = await ring.sealingKey()
    await rename(path, `${path}.away`)
    for (let i = 0; i < 3; i++) {
      clock.advance(300_000)
      expect((await ring.sealingKey()).id).toBe(id)
    }
    expect(warned).toEqual([{ event: 'key-ring-unreadable', ring: path, failure: 'ENOENT' }])
  })
})
