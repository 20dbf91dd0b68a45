import { keyUseRecorder } from '@daypass/core/authentication/key-use.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import { parseAccessKeyUse } from '@daypass/core/store/entities/access-key-use.ts'
import { accessKeyUseKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryStore } from '../../support/memory-store.ts'

const USE = { accessKeyId: 'AKIA1', service: 's3', region: 'eu-north-1' }
const MINUTE = 60_000

let clock: ManualClock
let counting: ReturnType<typeof countingStore>
let warned: LogRecord[]
let note: ReturnType<typeof keyUseRecorder>

beforeEach(() => {
  clock = new ManualClock()
  counting = countingStore(memoryStore())
  warned = []
  const log = { info: () => undefined, error: () => undefined, warn: (record: LogRecord) => void warned.push(record) }
  note = keyUseRecorder({ store: counting.store, clock, log })
})

describe('the use of a key', () => {
  it('is noted with time, service and region', async () => {
    note(USE)
    await Promise.resolve()
    const item = await counting.store.get(accessKeyUseKey('AKIA1'))
    expect(item && parseAccessKeyUse(item)).toEqual({ ...USE, usedAt: clock.now() / 1000 })
  })

  it('is noted again after a quarter of an hour, not before', () => {
    note(USE)
    clock.advance(15 * MINUTE - 1)
    note(USE)
    expect(counting.trips.put).toBe(1)
    clock.advance(1)
    note(USE)
    expect(counting.trips.put).toBe(2)
  })

  it('is noted for each key by itself', () => {
    note(USE)
    note({ ...USE, accessKeyId: 'AKIA2' })
    expect(counting.trips.put).toBe(2)
  })

  it('that cannot be noted is logged, stops nobody, and is tried again', async () => {
    await counting.store.close()
    note(USE)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warned).toEqual([{ event: 'key-use-not-noted', cause: 'the store is closed' }])
    note(USE)
    expect(counting.trips.put).toBe(2)
  })
})
