import { member, NotStrictJson, parseStrictJson, parseStrictJsonObject } from '@daypass/core/identity/strict-json.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const bytes = (text: string) => Buffer.from(text)
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}'],
    ['{"a:b":"c:d","\\"a\\":":":\\\\"}'],
    [' \n{ "a" : [ ] } '],
    ['{"__proto__":1,"constructor":2}'],
    ['"\\ud83d\\ude00"'],
    ['[1e308,-0.5,true,null,""]'],
    [nested(32)],
  ])('reads %s as JSON.parse does', (text) => expect(parseStrictJson(bytes(text))).toEqual(JSON.parse(text)))

  it.each([
    ['a member twice', '{"a":1,"a":1}'],
    ['a member twice, once escaped', '{"sub":"x","\\u0073ub":"y"}'],
    ['a member twice, deep down', '{"a":[{"b":{"c":1,"c":2}}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['the empty name twice', '{"":1,"":2}'],
    ['an index twice', '{"1":1,"1":2}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a lone surrogate in a list', '["\\ud800"]'],
    ['a number beyond a double', '[1e999]'],
    ['too many levels', nested(33)],
    ['very many levels', nested(500_000)],
    ['a byte order mark', '\ufeff{}'],
    ['a comment', '{/**/}'],
    ['a trailing comma', '{"a":1,}'],
    ['two values', '{}{}'],
    ['single quotes', "{'a':1}"],
    ['NaN', '[NaN]'],
    ['a raw line break in a string', '"\n"'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => expect(() => parseStrictJson(bytes(text))).toThrow(NotStrictJson))

  it.each([
    ['a stray byte', [0x22, 0xff, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
  ])('refuses invalid UTF-8: %s', (_what, octets) =>
    expect(() => parseStrictJson(Uint8Array.from(octets))).toThrow(NotStrictJson),
  )

  it.each([['[]'], ['"x"'], ['1'], ['null']])('is no object when it is %s', (text) =>
    expect(() => parseStrictJsonObject(bytes(text))).toThrow(NotStrictJson),
  )

  it('has no members of its prototype', () => {
    expect(member(parseStrictJsonObject(bytes('{}')), 'constructor')).toBeUndefined()
    expect(member(parseStrictJsonObject(bytes('{"constructor":1}')), 'constructor')).toBe(1)
  })

  it('reads whatever JSON.stringify writes, and nothing with a member doubled', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 5 }), { minKeys: 1 }),
        (value) => {
          const text = JSON.stringify(value)
          expect(parseStrictJson(bytes(text))).toEqual(JSON.parse(text))
          const name = JSON.stringify(Object.keys(value)[0])
          expect(() => parseStrictJson(bytes(`{${name}:0,${text.slice(1)}`))).toThrow(NotStrictJson)
        },
      ),
      { numRuns: 200 },
    )
  })
})
