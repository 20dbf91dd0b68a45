import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'

it('orders any two strings as the bytes of their UTF-8 are ordered', () => {
  const text = fc.string({ unit: 'binary', maxLength: 4 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})

it.each([
  ['\u{1f600}', '\uffff'],
  ['\u{10000}', '\ue000'],
  ['\ue000', '\ud7ff'],
  ['aa', 'a'],
])('puts %j behind %j', (greater, less) => {
  expect(compareUtf8(greater, less)).toBeGreaterThan(0)
  expect(compareUtf8(less, greater)).toBeLessThan(0)
  expect(compareUtf8(less, less)).toBe(0)
})
