import { ownIssuer } from '@daypass/core/issuer/own-issuer.ts'
import { describe, expect, it } from 'vitest'

const at = (host: string | undefined, secure = true) =>
  ownIssuer({ secure, headers: host === undefined ? {} : { host } })

describe('the issuer of our own tokens', () => {
  it.each([
    ['https', 'sts.example', true, 'https://sts.example'],
    ['http', '127.0.0.1:9500', false, 'http://127.0.0.1:9500'],
    ['https', '[::1]:9500', true, 'https://[::1]:9500'],
  ])('is the host that was asked over %s (%s)', (_scheme, host, secure, issuer) => {
    expect(at(host, secure)).toBe(issuer)
  })

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['two hosts', 'sts.example,evil.example'],
    ['a path', 'sts.example/evil'],
    ['user information', 'sts.example@evil.example'],
    ['a quotation mark', 'sts.example"'],
    ['a space', 'sts.example '],
    ['a long port', 'sts.example:123456'],
    ['a fragment', 'sts.example#'],
  ])('is none when the Host header is %s', (_what, host) => {
    expect(at(host)).toBeUndefined()
  })
})
