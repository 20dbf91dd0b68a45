import { describe, expect, it } from 'vitest'
import type { StoredObject } from '../../functions/s3/backing/port.ts'
import {
  decideRead,
  parseRemovalPrecondition,
  parseWritePrecondition,
  rangeCounts,
} from '../../functions/s3/preconditions.ts'
import { parseRange } from '../../functions/s3/range.ts'

const MODIFIED = Date.parse('2026-01-02T03:04:05.678Z')
const THEN = 'Fri, 02 Jan 2026 03:04:05 GMT'
const BEFORE = 'Fri, 02 Jan 2026 03:04:04 GMT'
const object: StoredObject = {
  key: 'k',
  size: 10,
  etag: 'abc',
  modifiedAt: MODIFIED,
  headers: {},
  user: {},
  checksums: {},
}

describe('a range of ten bytes', () => {
  it.each([
    ['bytes=0-0', [0, 0]],
    ['bytes=0-9', [0, 9]],
    ['bytes=2-5', [2, 5]],
    ['bytes=2-', [2, 9]],
    ['bytes=2-99', [2, 9]],
    ['bytes=-3', [7, 9]],
    ['bytes=-99', [0, 9]],
    ['BYTES=1-1', [1, 1]],
  ])('%s is those bytes', (header, [first, last]) => expect(parseRange(header, 10)).toEqual({ first, last }))

  it.each([undefined, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=a-b', 'bytes=0-1,3-4', 'items=0-1'])(
    '%s asks for the whole',
    (header) => expect(parseRange(header, 10)).toBeUndefined(),
  )

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
  ])('%s of %i bytes cannot be satisfied', (header, size) =>
    expect(() => parseRange(header, size)).toThrow(
      expect.objectContaining({
        code: 'InvalidRange',
        elements: { RangeRequested: header, ActualObjectSize: String(size) },
        headers: { 'content-range': `bytes */${size}` },
      }),
    ),
  )
})

describe('a conditional read', () => {
  it.each([
    [{}, 'send'],
    [{ 'if-match': '"abc"' }, 'send'],
    [{ 'if-match': '*' }, 'send'],
    [{ 'if-match': '"x", "abc"' }, 'send'],
    [{ 'if-none-match': '"x"' }, 'send'],
    [{ 'if-none-match': '"abc"' }, 'not-modified'],
    [{ 'if-none-match': 'W/"abc"' }, 'not-modified'],
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-modified-since': THEN }, 'not-modified'],
    [{ 'if-modified-since': BEFORE }, 'send'],
    [{ 'if-modified-since': 'rubbish' }, 'send'],
    [{ 'if-unmodified-since': THEN }, 'send'],
    [{ 'if-unmodified-since': 'rubbish' }, 'send'],
    [{ 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, 'send'],
    [{ 'if-none-match': '"x"', 'if-modified-since': THEN }, 'send'],
  ])('with %j ends in %s', (headers, outcome) => expect(decideRead(headers, object)).toBe(outcome))

  it.each([
    [{ 'if-match': '"x"' }, 'If-Match'],
    [{ 'if-match': '"x"', 'if-none-match': '"abc"' }, 'If-Match'],
    [{ 'if-unmodified-since': BEFORE }, 'If-Unmodified-Since'],
  ])('with %j fails', (headers, Condition) =>
    expect(() => decideRead(headers, object)).toThrow(
      expect.objectContaining({ code: 'PreconditionFailed', elements: { Condition } }),
    ),
  )

  it.each([
    [{}, true],
    [{ 'if-range': '"abc"' }, true],
    [{ 'if-range': '"x"' }, false],
    [{ 'if-range': THEN }, true],
    [{ 'if-range': BEFORE }, false],
    [{ 'if-range': 'rubbish' }, false],
  ])('with %j counts its range: %s', (headers, counts) => expect(rangeCounts(headers, object)).toBe(counts))
})

describe('a conditional write', () => {
  it.each([
    [{}, undefined],
    [{}, object],
    [{ 'if-none-match': '*' }, undefined],
    [{ 'if-match': '"abc"' }, object],
    [{ 'if-match': 'abc' }, object],
  ])('with %j over %o goes ahead', (headers, existing) =>
    expect(() => parseWritePrecondition(headers).check(existing)).not.toThrow(),
  )

  it.each([
    [{ 'if-none-match': '*' }, object, 'PreconditionFailed'],
    [{ 'if-match': '"x"' }, object, 'PreconditionFailed'],
    [{ 'if-match': '"abc"' }, undefined, 'NoSuchKey'],
  ])('with %j over %o is refused', (headers, existing, code) =>
    expect(() => parseWritePrecondition(headers).check(existing)).toThrow(expect.objectContaining({ code })),
  )

  it.each([
    [{ 'if-none-match': '"x"' }, object, undefined],
    [{ 'if-none-match': '"x", "abc"' }, object, 'PreconditionFailed'],
    [{ 'if-none-match': '"abc"' }, undefined, undefined],
  ])('that may name entity tags, with %j over %o, comes to %s', (headers, existing, code) => {
    const check = () => parseWritePrecondition(headers, { tags: true }).check(existing)
    if (code === undefined) expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    { 'x-amz-if-match-size': '' },
    { 'x-amz-if-match-size': '-1' },
    { 'x-amz-if-match-size': '5x' },
    { 'x-amz-if-match-last-modified-time': 'yesterday' },
    { 'x-amz-if-match-last-modified-time': '' },
  ])('that removes is refused with %j', (headers) =>
    expect(() => parseRemovalPrecondition(headers)).toThrow(expect.objectContaining({ code: 'InvalidArgument' })),
  )

  it.each([
    [{ 'if-none-match': '"abc"' }, 'NotImplemented'],
    [{ 'if-none-match': '*', 'if-match': '"abc"' }, 'InvalidRequest'],
  ])('with %j is refused before any object is looked at', (headers, code) =>
    expect(() => parseWritePrecondition(headers)).toThrow(expect.objectContaining({ code })),
  )
})
