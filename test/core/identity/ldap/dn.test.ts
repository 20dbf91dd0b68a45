import { NotDistinguishedName, normalizeDn, parseDn, splitUnescaped } from '@daypass/core/identity/ldap/dn.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('normalizeDn', () => {
  it.each([
    ['UID=alice,OU=People,DC=example,DC=org', 'uid=alice,ou=People,dc=example,dc=org'],
    [' uid = alice , dc = example ', 'uid=alice,dc=example'],
    ['uid=slash/user,dc=x', 'uid=slash/user,dc=x'],
    ['uid=\\D0\\9f\\d0\\be,dc=x', 'uid=По,dc=x'],
    ['uid=Пользователь,dc=x', 'uid=Пользователь,dc=x'],
    ['cn=Smith\\2C \\22J\\22 \\2b Co,dc=x', 'cn=Smith\\, \\"J\\" \\+ Co,dc=x'],
    ['cn=Smith\\, \\"J\\" \\+ Co,dc=x', 'cn=Smith\\, \\"J\\" \\+ Co,dc=x'],
    ['cn=a\\=b=c,dc=x', 'cn=a=b=c,dc=x'],
    ['cn=\\ two  spaces\\ ,dc=x', 'cn=\\ two  spaces\\ ,dc=x'],
    ['cn=end\\\\ ,dc=x', 'cn=end\\\\,dc=x'],
    ['cn=\\#1 # 2,dc=x', 'cn=\\#1 # 2,dc=x'],
    ['cn=b+OU=a,dc=x', 'cn=b+ou=a,dc=x'],
    ['OU=a+cn=b,dc=x', 'cn=b+ou=a,dc=x'],
    ['cn=a\\00b\\0d,dc=x', 'cn=a\\00b\\0d,dc=x'],
    ['1.3.6.1.4.1.1466.0=#04024869,dc=x', '1.3.6.1.4.1.1466.0=#04024869,dc=x'],
    ['cn=,dc=x', 'cn=,dc=x'],
    ['', ''],
  ])('makes %j %j', (text, normal) => {
    expect(normalizeDn(text)).toBe(normal)
    expect(normalizeDn(normal)).toBe(normal)
  })

  it.each([
    ['alice'],
    ['uid=a,,dc=x'],
    ['uid=a,'],
    ['=a,dc=x'],
    ['u_d=a'],
    ['1.=a'],
    ['cn=a;dc=x'],
    ['cn="a, b",dc=x'],
    ['cn=a<b'],
    ['cn=a\\'],
    ['cn=a\\zz'],
    ['cn=\\ff,dc=x'],
    ['cn=#0,dc=x'],
    ['cn=#zz,dc=x'],
    ['cn=a\0b'],
    [`cn=${'a'.repeat(2050)}`],
  ])('takes %j for no name', (text) => {
    expect(() => normalizeDn(text)).toThrow(NotDistinguishedName)
  })

  it('gives every value back that was escaped byte by byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (value) => {
        const escaped = [...Buffer.from(value, 'utf8')]
          .map((byte) => `\\${byte.toString(16).padStart(2, '0')}`)
          .join('')
        const read = (text: string) => parseDn(text)[0]?.[0]?.value
        const expected = Buffer.from(value, 'utf8').toString('utf8')
        expect(read(`cn=${escaped},dc=x`)).toBe(expected)
        expect(read(normalizeDn(`cn=${escaped},dc=x`))).toBe(expected)
      }),
    )
  })
})

it('splits at separators that are not escaped', () => {
  expect(splitUnescaped('dc=a;dc=b\\;c;dc=d\\\\;x', ';')).toEqual(['dc=a', 'dc=b\\;c', 'dc=d\\\\', 'x'])
})
