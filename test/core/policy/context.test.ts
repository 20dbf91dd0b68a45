import { describe, expect, it } from 'vitest'
import { joinContexts, mapContext } from '../../../functions/core/policy/context.ts'

const context = (entries: Readonly<Record<string, readonly string[]>>) => mapContext(new Map(Object.entries(entries)))

describe('mapContext', () => {
  it.each([
    ['finds a key as written', 'aws:username', ['alice']],
    ['finds a key in other letters', 'AWS:UserName', ['alice']],
    ['tells an empty key from a missing one', 'aws:TagKeys', []],
    ['knows nothing of other keys', 'aws:userid', undefined],
    ['does not read members of objects', 'constructor', undefined],
    ['folds ASCII letters only', 'aws:\u212aey', undefined],
  ])('%s', (_, key, values) => {
    const known = context({ 'aws:username': ['alice'], 'aws:TagKeys': [], 'aws:key': ['k'] })
    expect(known.get(key)).toEqual(values)
  })

  it('never lets one claim answer for another that differs in case', () => {
    const claims = context({ 'issuer:sub': ['alice'], 'issuer:SUB': ['bob'] })
    expect([claims.get('issuer:sub'), claims.get('issuer:SUB'), claims.get('issuer:Sub')]).toEqual([
      ['alice'],
      ['bob'],
      undefined,
    ])
  })
})

describe('joinContexts', () => {
  it('asks the contexts in order, and an empty key is an answer', () => {
    const joined = joinContexts(context({ a: ['1'], b: [] }), context({ a: ['2'], b: ['3'], c: ['4'] }))
    expect(['a', 'B', 'c', 'd'].map((key) => joined.get(key))).toEqual([['1'], [], ['4'], undefined])
  })
})
