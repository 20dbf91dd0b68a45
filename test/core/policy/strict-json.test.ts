import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonSyntaxError, type JsonValue, parseStrictJson } from '../../../functions/core/policy/strict-json.ts'

const DEPTH = 20

function plain(value: JsonValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Map) return new Map([...value].map(([name, member]) => [name, plain(member)]))
  if ('literal' in value) return Number(value.literal)
  return [...value.values()].map((item) => plain(item))
}

/** What JSON.parse makes of a text, with objects as maps. */
function reference(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(reference)
  return new Map(Object.entries(value).map(([name, member]) => [name, reference(member)]))
}

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2), (text, indent) => {
        const source = JSON.stringify(JSON.parse(text), null, indent)
        expect(plain(parseStrictJson(source, DEPTH))).toEqual(reference(JSON.parse(source)))
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e',
      '0',
      'true',
      'null',
      ' ',
      '\\',
      'u',
      '\n',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        let accepted = true
        try {
          JSON.parse(text)
        } catch {
          accepted = false
        }
        if (!accepted) expect(() => parseStrictJson(text, DEPTH)).toThrow(JsonSyntaxError)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['a member twice', '{"a":1,"a":1}'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a member twice further in', '[{"b":{"a":1,"a":2}}]'],
    ['an escaped lone surrogate', '"\\ud800"'],
    ['a lone surrogate', '"\ud800"'],
    ['a raw line break in a string', '"a\nb"'],
    ['a byte order mark', '\ufeff{}'],
    ['a leading zero', '01'],
    ['a number without digits after the point', '1.'],
    ['nesting beyond the limit', `${'['.repeat(22)}${']'.repeat(22)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseStrictJson(text, DEPTH)).toThrow(JsonSyntaxError)
  })

  it('accepts the same name in two objects, and nesting up to the limit', () => {
    expect(() => parseStrictJson('[{"a":1},{"a":{"a":2}}]', DEPTH)).not.toThrow()
    expect(() => parseStrictJson(`${'['.repeat(21)}${']'.repeat(21)}`, DEPTH)).not.toThrow()
  })

  it('keeps the spelling of numbers and a member called __proto__', () => {
    expect(parseStrictJson('{"__proto__":1.0}', DEPTH)).toEqual(new Map([['__proto__', { literal: '1.0' }]]))
  })
})
