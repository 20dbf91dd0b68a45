import { describe, expect, it } from 'vitest'
import { parseAnswerHead } from '../../../functions/s3/backing/endpoint/answer-head.ts'

const head = (...lines: string[]) => lines.join('\r\n')

describe('the head of an answer', () => {
  it.each([
    ['a length', ['HTTP/1.1 200 OK', 'Content-Length: 5'], { status: 200, length: 5, keptAlive: true }],
    ['no reason', ['HTTP/1.1 206', 'content-length:7'], { status: 206, length: 7, keptAlive: true }],
    ['a close', ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Connection: close'], { keptAlive: false }],
    ['an older version', ['HTTP/1.0 200 OK', 'Content-Length: 5'], { keptAlive: false }],
    ['no length', ['HTTP/1.1 200 OK'], { length: undefined }],
    ['a coding', ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], { length: undefined }],
    [
      'a coding beside a length',
      ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: x'],
      { length: undefined },
    ],
    ['nothing to come', ['HTTP/1.1 304 Not Modified'], { status: 304, length: 0 }],
    ['room around a value', ['HTTP/1.1 200 OK', 'A: \t b c \t'], { rawHeaders: ['A', 'b c'] }],
  ])('with %s is read', (_what, lines, expected) => {
    expect(parseAnswerHead(head(...lines))).toMatchObject(expected)
  })

  it.each([
    ['another protocol', ['HTTP/2 200 OK']],
    ['no status', ['HTTP/1.1 OK']],
    ['a line without a colon', ['HTTP/1.1 200 OK', 'abc']],
    ['room before a colon', ['HTTP/1.1 200 OK', 'Content-Length : 5']],
    ['a folded line', ['HTTP/1.1 200 OK', 'A: b', ' c']],
    ['a bare line feed', ['HTTP/1.1 200 OK', 'A: b\nContent-Length: 3']],
    ['a control character', ['HTTP/1.1 200 OK', 'A: b\u0000']],
    ['two lengths', ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Content-Length: 5']],
    ['a list of lengths', ['HTTP/1.1 200 OK', 'Content-Length: 5, 5']],
    ['a signed length', ['HTTP/1.1 200 OK', 'Content-Length: +5']],
    ['a length of letters', ['HTTP/1.1 200 OK', 'Content-Length: 0x5']],
    ['a length beyond all', ['HTTP/1.1 200 OK', 'Content-Length: 9999999999999999']],
  ])('with %s is refused', (_what, lines) => {
    expect(() => parseAnswerHead(head(...lines))).toThrow(/the store/)
  })
})
