import { describe, expect, it } from 'vitest'
import { Slots } from '../../../infra/local/slots.ts'

describe('slots', () => {
  it('hold what was added until it is removed', () => {
    const slots = new Slots<string>()
    const [a, b, c] = [slots.add('a'), slots.add('b'), slots.add('c')]
    expect([...slots]).toEqual(['a', 'b', 'c'])
    slots.remove(b)
    expect([...slots]).toEqual(['a', 'c'])
    expect(slots.size).toBe(2)
    slots.remove(a)
    slots.remove(c)
    expect([...slots]).toEqual([])
    expect(slots.size).toBe(0)
  })

  it('give a place that became free to the next, and no place to two', () => {
    const slots = new Slots<string>()
    const first = slots.add('a')
    slots.remove(first)
    const places = [slots.add('b'), slots.add('c'), slots.add('d')]
    expect(places).toContain(first)
    expect(new Set(places).size).toBe(3)
    expect([...slots].toSorted()).toEqual(['b', 'c', 'd'])
  })
})
