import { describe, expect, it } from 'vitest'
import { readParams } from '../../../functions/core/http/params.ts'
import { aRequest } from './a-request.ts'

const form = (text: string) => Object.fromEntries(readParams(aRequest({ form: text })))

describe('readParams', () => {
  it.each([
    ['reads pairs', 'a=1&b=2', { a: '1', b: '2' }],
    ['takes + for a space and %2B for a plus', 'a=x+y%2Bz', { a: 'x y+z' }],
    ['decodes names as well as values', 'a%2Eb=1', { 'a.b': '1' }],
    ['keeps = inside a value', 'a=b=c==', { a: 'b=c==' }],
    ['takes a name without = for an empty value', 'a&b=', { a: '', b: '' }],
    ['skips empty pairs', '&&a=1&&', { a: '1' }],
    ['decodes UTF-8', 'a=%C3%A9%F0%9F%98%80', { a: 'é😀' }],
    ['takes unescaped UTF-8 in a body', 'a=é', { a: 'é' }],
    ['reads nothing from nothing', '', {}],
  ])('%s', (_what, text, expected) => expect(form(text)).toEqual(expected))

  it('reads the query string and the body together', () => {
    const params = readParams(aRequest({ rawQuery: 'a=1+2', form: 'b=3+4' }))
    expect([...params]).toEqual([
      ['a', '1 2'],
      ['b', '3 4'],
    ])
  })

  it('parses a request once', () => {
    const request = aRequest({ form: 'a=1' })
    expect(readParams(request)).toBe(readParams(request))
  })

  it('parses a copy with another body anew', () => {
    const request = aRequest({ form: 'a=1' })
    expect(readParams(request).get('a')).toBe('1')
    expect(readParams({ ...request, body: Buffer.from('a=2') }).get('a')).toBe('2')
  })

  it('keeps names of prototypes as plain names', () => {
    const params = readParams(aRequest({ form: '__proto__=1&constructor=2' }))
    expect(params.get('__proto__')).toBe('1')
    expect(params.get('toString')).toBeUndefined()
  })

  it.each([
    ['in the body', { form: 'a=1&a=1' }],
    ['in the query string', { rawQuery: 'a=1&a=2' }],
    ['in both', { rawQuery: 'a=1', form: 'a=1' }],
    ['once escaped', { form: 'Policy=1&%50olicy=2' }],
    ['once without a value', { form: 'a&a=1' }],
  ])('refuses a parameter that occurs twice %s', (_where, request) =>
    expect(() => readParams(aRequest(request))).toThrow(
      expect.objectContaining({ code: 'MalformedQueryString', message: expect.stringContaining('only once') }),
    ),
  )

  it('tells the caller which one occurs twice, and the log nothing of what may be a piece of a password', () => {
    const twice = () => readParams(aRequest({ form: 'LDAPPassword=a&hunter2&hunter2' }))
    expect(twice).toThrow(expect.objectContaining({ message: expect.stringContaining('hunter2') }))
    expect(twice).toThrow(expect.objectContaining({ detail: { reason: 'A parameter is given twice' } }))
  })

  it.each([
    ['a lone %', 'a=%'],
    ['half an escape', 'a=%4'],
    ['no hexadecimal digits', 'a=%zz'],
    ['a malformed escape in a name', '%zz=1'],
    ['UTF-8 that is overlong', 'a=%C0%AF'],
    ['a surrogate', 'a=%ED%A0%80'],
    ['UTF-8 that is cut', 'a=%C3'],
  ])('refuses %s', (_flaw, text) => {
    expect(() => form(text)).toThrow(expect.objectContaining({ code: 'MalformedQueryString' }))
    expect(() => readParams(aRequest({ rawQuery: text }))).toThrow(
      expect.objectContaining({ code: 'MalformedQueryString' }),
    )
  })

  it.each(['a=é', 'a=b c', 'a=\t'])('refuses the query string %j, which is not percent-encoded', (rawQuery) =>
    expect(() => readParams(aRequest({ rawQuery }))).toThrow(expect.objectContaining({ code: 'MalformedQueryString' })),
  )

  it('refuses a body that is not UTF-8', () =>
    expect(() => readParams(aRequest({ body: Buffer.from('a=\xe9', 'latin1') }))).toThrow(
      expect.objectContaining({ code: 'MalformedInput' }),
    ))

  it('takes 20,000 parameters and refuses one more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=`).join('&')
    expect(readParams(aRequest({ form: many(20_000) })).size).toBe(20_000)
    expect(() => form(many(20_001))).toThrow(expect.objectContaining({ code: 'MalformedQueryString' }))
  })

  it.each([
    undefined,
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded; charset="utf-8"',
  ])('reads a body of type %s', (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    expect(readParams(aRequest({ headers, form: 'a=1' })).get('a')).toBe('1')
  })

  it.each([
    'application/json',
    'application/x-amz-json-1.1',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/x-www-form-urlencoded; charset=utf-16',
    'application/x-www-form-urlencoded, application/json',
    '',
  ])('refuses a body of type "%s"', (type) =>
    expect(() => readParams(aRequest({ headers: { 'content-type': type }, form: 'a=1' }))).toThrow(
      expect.objectContaining({ code: 'MalformedInput' }),
    ),
  )

  it('does not mind the type of an empty body', () => {
    const request = aRequest({ headers: { 'content-type': 'application/json' }, rawQuery: 'a=1' })
    expect(readParams(request).get('a')).toBe('1')
  })

  it('refuses a compressed body', () => {
    const refused = aRequest({ headers: { 'content-encoding': 'gzip' }, form: 'a=1' })
    expect(() => readParams(refused)).toThrow(expect.objectContaining({ code: 'MalformedInput' }))
    expect(readParams(aRequest({ headers: { 'content-encoding': 'identity' }, form: 'a=1' })).size).toBe(1)
  })

  it('refuses a GET with a body', () => {
    expect(() => readParams(aRequest({ method: 'GET', form: 'a=1' }))).toThrow(
      expect.objectContaining({ code: 'MalformedInput' }),
    )
    expect(readParams(aRequest({ method: 'GET', rawQuery: 'a=1' })).size).toBe(1)
  })
})
