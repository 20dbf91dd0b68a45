import { base32, createTotpSeed, matchingStep, totpCode, totpStep } from '@daypass/core/mfa/totp.ts'
import { describe, expect, it } from 'vitest'

/** RFC 6238, appendix B: the last six of its eight digits. */
const SEED = Buffer.from('12345678901234567890')
const NOW = 1_000_000_000_000
const step = totpStep(NOW)

describe('a one-time code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %d seconds is %s', (seconds, code) => {
    expect(totpCode(SEED, totpStep(seconds * 1000))).toBe(code)
  })

  it.each([
    [-2, undefined],
    [-1, step - 1],
    [0, step],
    [1, step + 1],
    [2, undefined],
  ])('of %d steps from now matches step %s', (offset, expected) => {
    expect(matchingStep(SEED, totpCode(SEED, step + offset), { now: NOW })).toBe(expected)
  })

  it.each([
    [step - 1, step],
    [step, undefined],
    [step + 1, undefined],
  ])('of now, after step %d was used, matches step %s', (lastUsedStep, expected) => {
    expect(matchingStep(SEED, totpCode(SEED, step), { now: NOW, lastUsedStep })).toBe(expected)
  })

  it.each(['', '1', '0000000', `${totpCode(SEED, step)}0`, totpCode(SEED, step).slice(0, 5), 'abcdef'])(
    'is not %j',
    (code) => {
      expect(matchingStep(SEED, code, { now: NOW })).toBeUndefined()
    },
  )

  it('needs its own seed', () => {
    expect(matchingStep(createTotpSeed(), totpCode(SEED, step), { now: NOW })).toBeUndefined()
  })
})

describe('a seed', () => {
  it('is made anew each time, with 320 bits', () => {
    const seeds = Array.from({ length: 20 }, createTotpSeed)
    expect(new Set(seeds.map((seed) => seed.toString('hex'))).size).toBe(20)
    expect(seeds.every((seed) => seed.length === 40)).toBe(true)
  })

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is written %s (RFC 4648, section 10)', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected)
  })
})
