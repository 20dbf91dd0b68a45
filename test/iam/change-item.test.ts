import type { Item } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { changeItem, removeItem, touchItem } from '../../functions/iam/change-item.ts'
import type { RowKind } from '../../functions/iam/row-kind.ts'
import { memoryStore } from '../support/memory-store.ts'

interface Thing {
  readonly name: string
  readonly thingId: string
  readonly names: readonly string[]
  readonly note?: string
}

const KEY = { pk: 'THING#1', sk: 'a' }
const THING: RowKind<Thing> = {
  id: 'thingId',
  parse: ({ pk: _pk, sk: _sk, revision: _revision, mark: _mark, ...thing }: Item) => thing as unknown as Thing,
  toItem: (thing) => ({ ...KEY, ...thing }) as Item,
}
const FIRST: Thing = { name: 'a', thingId: 'T1', names: [] }

let store: ReturnType<typeof memoryStore>
const stored = () => store.get(KEY)

beforeEach(async () => {
  store = memoryStore()
  await store.put(THING.toItem(FIRST))
})

/** Lets somebody else write between the next read and the write that follows it. */
function meanwhile(write: () => Promise<unknown>, times = 1): void {
  const { get } = store
  let left = times
  store.get = async (key) => {
    const item = await get(key)
    if (left-- > 0) await write()
    else store.get = get
    return item
  }
}

const add = (name: string) => changeItem(store, THING, FIRST, (now) => ({ ...now, names: [...now.names, name] }))

describe('changeItem', () => {
  it('answers and stores what the change made', async () => {
    expect(await add('x')).toEqual({ ...FIRST, names: ['x'] })
    expect(await stored()).toMatchObject({ names: ['x'] })
  })

  it('refuses a row that would not fit into the table, and leaves the one before', async () => {
    await add('x'.repeat(370 * 1024))
    await expect(add('y'.repeat(11 * 1024))).rejects.toMatchObject({ code: 'LimitExceeded' })
    expect((await stored())?.names).toHaveLength(1)
  })

  it('asks again with what another writer has made of the row', async () => {
    meanwhile(() => add('other'))
    await add('mine')
    expect((await stored())?.names).toEqual(['other', 'mine'])
  })

  it('sees a writer that came and went in between', async () => {
    meanwhile(async () => {
      await add('x')
      await changeItem(store, THING, FIRST, (now) => ({ ...now, names: [] }))
    })
    let asked = 0
    await changeItem(store, THING, FIRST, (now) => ({ ...now, note: String(++asked) }))
    expect((await stored())?.note).toBe('2')
  })

  it('leaves an attribute alone that it did not change, also one that it does not know', async () => {
    meanwhile(() => store.update(KEY, { set: { mark: 7, note: 'set meanwhile' } }))
    await add('mine')
    expect(await stored()).toMatchObject({ mark: 7, note: 'set meanwhile', names: ['mine'] })
  })

  it('removes an attribute that the change has dropped', async () => {
    await changeItem(store, THING, FIRST, (now) => ({ ...now, note: 'x' }))
    await changeItem(store, THING, FIRST, ({ note: _note, ...now }) => now)
    expect(await stored()).not.toHaveProperty('note')
  })

  it('writes nothing when nothing changes', async () => {
    store.update = async () => Promise.reject(new Error('it was written'))
    expect(await changeItem(store, THING, FIRST, (now) => ({ ...now }))).toEqual(FIRST)
  })

  it.each([
    ['is gone', () => store.remove(KEY)],
    ['was made anew under its name', () => store.put(THING.toItem({ ...FIRST, thingId: 'T2' }))],
  ])('does not touch a row that %s', async (_what, change) => {
    await change()
    await expect(add('x')).rejects.toMatchObject({ code: 'ConcurrentModification', status: 409 })
    meanwhile(change)
    await expect(add('x')).rejects.toMatchObject({ code: 'ConcurrentModification' })
    expect((await stored())?.names ?? []).toEqual([])
  })

  it('gives up on a row that never rests', async () => {
    meanwhile(() => touchItem(store, THING, FIRST), 100)
    await expect(add('x')).rejects.toMatchObject({ code: 'ConcurrentModification' })
  })

  it('passes on what the change throws', async () => {
    const refuse = () => {
      throw new RangeError('too many')
    }
    await expect(changeItem(store, THING, FIRST, refuse)).rejects.toThrow('too many')
  })
})

describe('removeItem', () => {
  it('removes a row that its check lets go, and no other', async () => {
    const refuse = () => {
      throw new RangeError('in use')
    }
    await expect(removeItem(store, THING, FIRST, refuse)).rejects.toThrow('in use')
    expect(await stored()).toBeDefined()
    await removeItem(store, THING, FIRST, () => undefined)
    expect(await stored()).toBeUndefined()
  })

  it('looks again when the row was touched after its check', async () => {
    let checks = 0
    await removeItem(store, THING, FIRST, async () => {
      if (++checks === 1) expect(await touchItem(store, THING, FIRST)).toBe(true)
    })
    expect(checks).toBe(2)
  })

  it('does not remove a row that was made anew', async () => {
    await store.put(THING.toItem({ ...FIRST, thingId: 'T2' }))
    await expect(removeItem(store, THING, FIRST, () => undefined)).rejects.toMatchObject({
      code: 'ConcurrentModification',
    })
    expect(await stored()).toBeDefined()
  })
})

describe('touchItem', () => {
  it.each([
    ['is gone', () => store.remove(KEY)],
    ['was made anew', () => store.put(THING.toItem({ ...FIRST, thingId: 'T2' }))],
  ])('tells that a row %s', async (_what, change) => {
    expect(await touchItem(store, THING, FIRST)).toBe(true)
    await change()
    expect(await touchItem(store, THING, FIRST)).toBe(false)
  })
})
