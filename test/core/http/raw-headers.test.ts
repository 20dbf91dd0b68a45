import { joinedHeaders } from '@daypass/core/http/raw-headers.ts'
import { describe, expect, it } from 'vitest'

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

describe('headers as they came', () => {
  it('have names in lower case, and are joined when they came twice', () => {
    expect({ ...joinedHeaders(['Host', 'a', 'X-Amz-Date', '1', 'x-amz-date', '2']) }).toEqual({
      host: 'a',
      'x-amz-date': '1,2',
    })
  })

  it.each([
    ['UTF-8', latin1('é😀'), 'é😀'],
    ['Latin-1', 'caf\u00e9', 'café'],
    ['ASCII', 'plain', 'plain'],
  ])('are read as %s', (_what, sent, read) => expect(joinedHeaders(['x', sent]).x).toBe(read))

  it('reach no prototype', () => {
    const headers = joinedHeaders(['__proto__', 'x'])
    expect(Object.keys(headers)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(headers)).toBeNull()
  })
})
