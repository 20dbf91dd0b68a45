import { Rows } from '@daypass/core/authentication/rows.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../support/memory-store.ts'

const key = (sk: string) => ({ pk: 'USER#', sk })

async function filled() {
  const counting = countingStore(memoryStore())
  await counting.store.put({ ...key('a'), name: 'a' })
  return { ...counting, rows: new Rows(counting.store) }
}

describe('the rows of a request', () => {
  it('are read once, together, and stay as they were read', async () => {
    const { rows, store, trips } = await filled()
    await rows.load([key('a'), key('b'), key('a')])
    await store.put({ ...key('a'), name: 'changed' })
    await rows.load([key('a'), key('b')])
    await rows.load([])
    expect(trips.getMany).toBe(1)
    expect(rows.get(key('a'))?.name).toBe('a')
    expect(rows.get(key('b'))).toBeUndefined()
  })

  it('never take a row that was not read for an absent one', async () => {
    const { rows } = await filled()
    expect(() => rows.get(key('a'))).toThrow(TypeError)
    expect(rows.has(key('a'))).toBe(false)
  })

  it('may be more than one read takes', async () => {
    const { rows, trips } = await filled()
    await rows.load(Array.from({ length: 201 }, (_, at) => key(`k${at}`)))
    expect(trips.getMany).toBe(3)
  })

  it('are told apart where key and partition meet', async () => {
    const { rows } = await filled()
    await rows.load([{ pk: 'a', sk: 'bc' }])
    expect(rows.has({ pk: 'ab', sk: 'c' })).toBe(false)
  })
})
