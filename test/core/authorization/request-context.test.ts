import { requestContextKeys } from '@daypass/core/authorization/request-context.ts'
import { describe, expect, it } from 'vitest'

const request = { sourceIp: '192.0.2.1', secure: true, headers: {} }
const keys = (headers = {}) => requestContextKeys({ ...request, headers }, Date.parse('2026-01-01T00:00:00Z'))

describe('the condition keys of a request', () => {
  it.each([
    ['aws:SourceIp', '192.0.2.1'],
    ['aws:SecureTransport', 'true'],
    ['aws:CurrentTime', '2026-01-01T00:00:00.000Z'],
    ['aws:EpochTime', '1767225600'],
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:ViaAWSService', 'false'],
  ])('%s is %s', (key, value) => expect(keys().get(key)).toEqual([value]))

  it('take of the headers only the two that AWS has as keys', () => {
    const headers = { 'user-agent': 'a', referer: 'b', 'aws:sourceip': 'c', 'x-forwarded-for': '198.51.100.1' }
    expect(keys(headers).get('aws:UserAgent')).toEqual(['a'])
    expect(keys(headers).get('aws:Referer')).toEqual(['b'])
    expect([...keys(headers).values()].flat()).not.toContain('c')
    expect(keys(headers).get('aws:SourceIp')).toEqual(['192.0.2.1'])
  })
})
