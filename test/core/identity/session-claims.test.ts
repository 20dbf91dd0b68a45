import { parseSessionClaims } from '@daypass/core/identity/session-claims.ts'
import type { JsonObject } from '@daypass/core/identity/strict-json.ts'
import { describe, expect, it } from 'vitest'

const TAGS = 'https://aws.amazon.com/tags'
const SOURCE = 'https://aws.amazon.com/source_identity'
const parse = (claims: object, severalValues = false) => parseSessionClaims(claims as JsonObject, { severalValues })
const tagged = (principal_tags: object, transitive_tag_keys?: unknown) => ({
  [TAGS]: { principal_tags, ...(transitive_tag_keys === undefined ? {} : { transitive_tag_keys }) },
})
const invalid = expect.objectContaining({ code: 'InvalidIdentityToken' })
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, ['v']]))

describe('session tags', () => {
  it.each([
    ['none', {}, [], []],
    ['an empty claim', { [TAGS]: {} }, [], []],
    ['a list of one', tagged({ Team: ['blue'] }), [{ key: 'Team', values: ['blue'] }], []],
    ['a plain text', tagged({ Team: 'blue' }), [{ key: 'Team', values: ['blue'] }], []],
    ['an empty value', tagged({ Team: [''] }), [{ key: 'Team', values: [''] }], []],
    [
      'a transitive one',
      tagged({ Team: ['blue'], Cost: ['7'] }, ['Cost']),
      [
        { key: 'Team', values: ['blue'] },
        { key: 'Cost', values: ['7'] },
      ],
      ['Cost'],
    ],
    [
      'a transitive one in another case',
      tagged({ Team: ['blue'] }, ['TEAM']),
      [{ key: 'Team', values: ['blue'] }],
      ['Team'],
    ],
    ['a transitive key without a tag', tagged({ Team: ['blue'] }, ['Other']), [{ key: 'Team', values: ['blue'] }], []],
    [
      'flat claims',
      { [`${TAGS}/principal_tags/Team`]: 'blue', [`${TAGS}/transitive_tag_keys`]: ['Team'] },
      [{ key: 'Team', values: ['blue'] }],
      ['Team'],
    ],
  ])('may be %s', (_what, claims, tags, transitiveTagKeys) => {
    expect(parse(claims)).toEqual({ tags, transitiveTagKeys })
  })

  it.each([
    ['50 tags', many(50)],
    ['a key of 128 characters', { ['k'.repeat(128)]: ['v'] }],
    ['a value of 256 characters', { k: ['v'.repeat(256)] }],
    ['letters of any script', { Größe: ['東京 1_.:/=+-@'] }],
    ['a key that only begins like AWS', { aws_team: ['v'] }],
  ])('may have %s', (_what, tags) => expect(parse(tagged(tags)).tags).toHaveLength(Object.keys(tags).length))

  it.each([
    ['51 tags', tagged(many(51))],
    ['51 tags in two forms', { ...tagged(many(50)), [`${TAGS}/principal_tags/one-more`]: 'v' }],
    ['an empty key', tagged({ '': ['v'] })],
    ['a key of 129 characters', tagged({ ['k'.repeat(129)]: ['v'] })],
    ['a key with a star', tagged({ 'k*': ['v'] })],
    ['a key with a line break', tagged({ 'k\n': ['v'] })],
    ['a key of AWS', tagged({ 'aws:team': ['v'] })],
    ['a key of AWS in capitals', tagged({ 'AWS:team': ['v'] })],
    ['a value of 257 characters', tagged({ k: ['v'.repeat(257)] })],
    ['a value with a star', tagged({ k: ['*'] })],
    ['a value with a quote', tagged({ k: ['"'] })],
    ['a value that is a number', tagged({ k: [1] })],
    ['a value that is null', tagged({ k: null })],
    ['a value that is an object', tagged({ k: { v: 'v' } })],
    ['a list in a list', tagged({ k: [['v']] })],
    ['no value', tagged({ k: [] })],
    ['two values', tagged({ k: ['v', 'w'] })],
    ['keys that differ in case alone', tagged({ Team: ['v'], team: ['v'] })],
    ['a key in both forms', { ...tagged({ Team: ['v'] }), [`${TAGS}/principal_tags/Team`]: 'v' }],
    ['tags that are a list', { [TAGS]: [] }],
    ['tags that are null', { [TAGS]: null }],
    ['principal tags that are a list', { [TAGS]: { principal_tags: [] } }],
    ['principal tags that are null', { [TAGS]: { principal_tags: null } }],
    ['transitive keys that are a text', tagged({ k: ['v'] }, 'k')],
    ['transitive keys that are numbers', tagged({ k: ['v'] }, [1])],
    ['too many transitive keys', tagged({ k: ['v'] }, Array(51).fill('k'))],
  ])('may not have %s', (_what, claims) => expect(() => parse(claims)).toThrow(invalid))

  it('may have several values and keys of any case in a Ceph-style account', () => {
    expect(parse(tagged({ Team: ['a', 'b'], team: ['c'] }), true).tags).toEqual([
      { key: 'Team', values: ['a', 'b'] },
      { key: 'team', values: ['c'] },
    ])
    expect(() => parse(tagged({ Team: ['a', '*'] }), true)).toThrow(invalid)
    expect(() => parse(tagged({ Team: [] }), true)).toThrow(invalid)
  })
})

describe('the source identity', () => {
  it.each([['ab'], ['alice@example.com'], ['a_+=,.@-9'], ['x'.repeat(64)]])('may be %s', (sourceIdentity) => {
    expect(parse({ [SOURCE]: sourceIdentity })).toEqual({ tags: [], transitiveTagKeys: [], sourceIdentity })
  })

  it.each([['a'], [''], ['x'.repeat(65)], ['a b'], ['aws:x'], ['é1'], ['ab\n'], [['ab']], [7], [null]])(
    'may not be %j',
    (value) => {
      expect(() => parse({ [SOURCE]: value })).toThrow(invalid)
    },
  )
})
