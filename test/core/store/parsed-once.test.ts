import { parsedOnce } from '@daypass/core/store/parsed-once.ts'
import type { Item } from '@daypass/core/store/port.ts'
import { describe, expect, it } from 'vitest'

function counted() {
  const calls: Item[] = []
  const parse = parsedOnce((item) => {
    calls.push(item)
    return { name: item.name, tags: [] }
  })
  return { calls, parse }
}
const row = (name: string): Item => ({ pk: 'ROLE#1', sk: 'a', name })

describe('a parser of rows that remembers', () => {
  it('parses a frozen row once', () => {
    const { calls, parse } = counted()
    const item = Object.freeze(row('one'))
    expect(parse(item)).toBe(parse(item))
    expect(calls).toHaveLength(1)
  })

  it('parses a row that may still change each time', () => {
    const { parse } = counted()
    const item = { ...row('one') }
    expect(parse(item).name).toBe('one')
    item.name = 'two'
    expect(parse(item).name).toBe('two')
  })

  it('parses another object of the same key anew, as after a write', () => {
    const { parse } = counted()
    expect(parse(Object.freeze(row('one'))).name).toBe('one')
    expect(parse(Object.freeze(row('two'))).name).toBe('two')
  })

  it('gives what nobody can change for the next who asks', () => {
    const { parse } = counted()
    expect(Object.isFrozen(parse(Object.freeze(row('one'))))).toBe(true)
  })

  it('remembers no refusal', () => {
    let damaged = true
    const parse = parsedOnce(() => {
      if (damaged) throw new Error('damaged')
      return {}
    })
    const item = Object.freeze(row('one'))
    expect(() => parse(item)).toThrow('damaged')
    damaged = false
    expect(parse(item)).toEqual({})
  })
})
