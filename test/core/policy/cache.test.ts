import { describe, expect, it } from 'vitest'
import { cachingParser, parsePolicyCached } from '../../../functions/core/policy/cache.ts'

const document = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } })

describe('cachingParser', () => {
  it('parses a text once', () => {
    expect(parsePolicyCached(document('s3:Get*'), { kind: 'identity' })).toBe(
      parsePolicyCached(document('s3:Get*'), { kind: 'identity' }),
    )
  })

  it('keeps kinds and dialects apart, which have other rules', () => {
    const parse = cachingParser(10_000)
    const principal = document('s3:*').replace('"Effect"', '"Principal":"*","Effect"')
    expect(parse(principal, { kind: 'resource' }).kind).toBe('resource')
    expect(parse(principal, { kind: 'identity', dialect: 'ceph' }).kind).toBe('identity')
    expect(() => parse(principal, { kind: 'identity' })).toThrow('should not specify a principal')
    const older = document('s3:*').replace('2012', '2008')
    expect(parse(older, { kind: 'identity' }).version).toBe('2008-10-17')
    expect(() => parse(older, { kind: 'identity', minimumVersion: '2012-10-17' })).toThrow('2012-10-17 or greater')
  })

  it('lets the least recently used go', () => {
    const parse = cachingParser(2 * (document('s3:A').length + 30))
    const [a, b] = ['s3:A', 's3:B'].map((action) => parse(document(action), { kind: 'identity' }))
    expect(parse(document('s3:A'), { kind: 'identity' })).toBe(a)
    parse(document('s3:C'), { kind: 'identity' })
    expect(parse(document('s3:A'), { kind: 'identity' })).toBe(a)
    expect(parse(document('s3:B'), { kind: 'identity' })).not.toBe(b)
  })

  it('answers a text that is longer than all it may keep', () => {
    const parse = cachingParser(10)
    expect(parse(document('s3:A'), { kind: 'identity' })).not.toBe(parse(document('s3:A'), { kind: 'identity' }))
  })
})
