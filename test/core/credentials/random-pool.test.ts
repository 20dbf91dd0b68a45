import { randomPoolBytes } from '@daypass/core/credentials/random-pool.ts'
import { describe, expect, it } from 'vitest'

describe('the random pool', () => {
  it('never gives the same bytes twice, over many refills', () => {
    const seen = new Set(Array.from({ length: 5000 }, () => randomPoolBytes(12).toString('hex')))
    expect(seen.size).toBe(5000)
  })

  it('gives bytes that do not change when more are taken', () => {
    const bytes = randomPoolBytes(16)
    const before = bytes.toString('hex')
    for (let i = 0; i < 1000; i++) randomPoolBytes(16)
    expect(bytes.toString('hex')).toBe(before)
    expect(before).not.toBe('0'.repeat(32))
  })

  it('gives 1,024 bytes and not one more', () => {
    expect(randomPoolBytes(1024)).toHaveLength(1024)
    expect(() => randomPoolBytes(1025)).toThrow(RangeError)
  })
})
