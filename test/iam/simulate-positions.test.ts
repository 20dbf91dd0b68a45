import { describe, expect, it } from 'vitest'
import { statementSpans } from '../../functions/iam/simulate-positions.ts'

/** `line:column-line:column` of each statement. */
const spans = (text: string) =>
  statementSpans(text).map(({ start, end }) => `${start.Line}:${start.Column}-${end.Line}:${end.Column}`)

describe('the places of statements', () => {
  it('are those that AWS tells of AdministratorAccess', () => {
    const text = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow"\n    }\n  ]\n}'
    expect(spans(text)).toEqual(['3:17-6:6'])
  })

  it.each([
    ['a single statement', '{"Statement":{"Action":["a:b"]}}', ['1:14-1:32']],
    ['two on one line', '{"Statement":[{"Sid":"a"},{"Sid":"b"}]}', ['1:15-1:26', '1:26-1:38']],
    ['members before and after', '{"Id":"{[","Statement":[{"Sid":"a"}],"Version":"}"}', ['1:25-1:36']],
    ['an escaped name', '{"State\\u006dent":{"Sid":"a"}}', ['1:19-1:30']],
    ['brackets and quotes in texts', '{"Statement":[{"Sid":"\\"}]\\\\"},{"Sid":""}]}', ['1:15-1:31', '1:31-1:42']],
    [
      'objects and lists inside',
      '{"Statement":[{"Condition":{"a":{"Statement":[{"b":[]}]}}},{}]}',
      ['1:15-1:59', '1:59-1:62'],
    ],
    ['a member named Statement elsewhere', '{"Id":"Statement","Statement":[{}]}', ['1:32-1:34']],
    ['no statement', '{"Version":"Statement"}', []],
  ])('are found with %s', (_what, text, expected) => {
    expect(spans(text)).toEqual(expected)
  })
})
