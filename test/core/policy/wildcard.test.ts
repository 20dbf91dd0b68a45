import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileGlob, patternTokens } from '../../../functions/core/policy/wildcard.ts'

/** By the definition of the wildcards, with a table of sub-problems: slow and plain. */
function oracle(pattern: readonly string[], text: readonly string[]): boolean {
  let row = text.map(() => false)
  row = [true, ...row]
  for (const token of pattern) {
    const next: boolean[] = [token === '*' && row[0] === true]
    for (const [index, character] of text.entries()) {
      const fits = token === '*' ? row[index + 1] || next[index] : row[index] && (token === '?' || token === character)
      next.push(fits === true)
    }
    row = next
  }
  return row.at(-1) === true
}

describe('compileGlob', () => {
  it('agrees with the definition of * and ?', () => {
    const unit = fc.constantFrom('a', 'b', '*', '?', '😀')
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '*', '😀'), maxLength: 12 })
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), texts, (pattern, text) => {
        expect(compileGlob(patternTokens(pattern))(text)).toBe(oracle([...pattern], [...text]))
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    ['many stars over one letter', `${'a*'.repeat(500)}b`, 'a'.repeat(100_000)],
    ['many stars and a free character', `${'a?*'.repeat(300)}b`, 'a'.repeat(3000)],
    ['many stars and a free character over emoji', `${'a?*'.repeat(30)}b`, '😀a'.repeat(300)],
    ['overlapping pieces', `*${'ab'.repeat(200)}*c`, 'ab'.repeat(20_000)],
  ])('answers a pattern of %s without trying every way', (_, pattern, text) => {
    expect(compileGlob(patternTokens(pattern))(text)).toBe(false)
  })

  it('takes a literal token as it stands', () => {
    expect(compileGlob(['a*'])('ab')).toBe(false)
    expect(compileGlob(['a*'])('a*')).toBe(true)
  })
})
