import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingKey } from '../../../functions/core/sigv4/signing-key.ts'
import { signingKeyFor } from '../../support/sign.ts'

const scope = { date: '20260131', region: 'us-east-1', service: 'sts' }
const signs = (secret: string, of = scope) => signingKey(secret, of).key.sign('text')
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')

describe('a signing key', () => {
  it('is derived as AWS derives it', () => {
    expect(signs('secret')).toBe(hmac(signingKeyFor('secret', '20260131/us-east-1/sts/aws4_request'), 'text'))
    expect(signs('', { ...scope, region: '' })).toBe(hmac(signingKeyFor('', '20260131//sts/aws4_request'), 'text'))
  })

  it('is kept when it has proven itself, for its own secret and scope', () => {
    const { key, keep } = signingKey('kept', scope)
    expect(signingKey('kept', scope).key).not.toBe(key)
    keep()
    expect(signingKey('kept', scope).key).toBe(key)
    for (const [secret, of] of [
      ['other', scope],
      ['kept', { ...scope, date: '20260201' }],
      ['kept', { ...scope, region: '' }],
      ['kept', { ...scope, service: 'iam' }],
    ] as const) {
      expect(signs(secret, of)).not.toBe(key.sign('text'))
    }
  })

  it('gives way when a thousand others were used since', () => {
    const used = signingKey('used', scope)
    const unused = signingKey('unused', scope)
    used.keep()
    unused.keep()
    for (let index = 0; index < 999; index++) signingKey(`filler ${index}`, scope).keep()
    expect(signingKey('used', scope).key).not.toBe(used.key)
    expect(signingKey('unused', scope).key).toBe(unused.key)
    signingKey('unused', scope).keep()
    for (let index = 0; index < 999; index++) signingKey(`later filler ${index}`, scope).keep()
    expect(signingKey('unused', scope).key).toBe(unused.key)
  })

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a text of one block', 'a'.repeat(64)],
    ['a text of more bytes than characters', 'ключ 🔑 \ud800 '.repeat(40)],
    ['a text that is longer than any before', 'long '.repeat(100_000)],
    ['a short text behind a long one', 'short'],
  ])('signs %s as HMAC-SHA256 does', (_, text) => {
    const key = signingKeyFor('secret', '20260131/us-east-1/sts/aws4_request')
    expect(signingKey('secret', scope).key.sign(text)).toBe(hmac(key, text))
  })

  it('knows what it has signed', () => {
    const { key } = signingKey('secret', scope)
    const signature = key.sign('text')
    expect(key.hasSigned('text', signature)).toBe(true)
    expect(key.hasSigned('texts', signature)).toBe(false)
    expect(signingKey('other', scope).key.hasSigned('text', signature)).toBe(false)
  })

  it.each([
    ['none', () => ''],
    ['one cut short', (signature: string) => signature.slice(0, -1)],
    ['one with more behind it', (signature: string) => `${signature}0`],
    ['one in capitals', (signature: string) => signature.toUpperCase()],
    [
      'one whose last digit differs',
      (signature: string) => signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0'),
    ],
    [
      'one whose first digit differs',
      (signature: string) => (signature.startsWith('0') ? '1' : '0') + signature.slice(1),
    ],
    [
      'one of other characters whose low bytes are its digits',
      (signature: string) => String.fromCharCode(...[...signature].map((digit) => digit.charCodeAt(0) + 0x100)),
    ],
  ])('takes %s for no signature, also right behind a true one', (_, forged) => {
    const { key } = signingKey('secret', scope)
    const signature = key.sign('text')
    expect(key.hasSigned('text', signature)).toBe(true)
    expect(key.hasSigned('text', forged(signature))).toBe(false)
  })
})
