import { attributesOfUserName, escapeFilterValue, fillFilter, isFilter } from '@daypass/core/identity/ldap/filter.ts'
import fc from 'fast-check'
import { FilterParser } from 'ldapts'
import { describe, expect, it } from 'vitest'

describe('fillFilter', () => {
  it.each([
    ['*', '(uid=\\2a)'],
    ['*)(uid=*', '(uid=\\2a\\29\\28uid=\\2a)'],
    ['a)(|(uid=*', '(uid=a\\29\\28|\\28uid=\\2a)'],
    ['\\2a', '(uid=\\5c2a)'],
    ['a\0b', '(uid=a\\00b)'],
    ['Пользователь', '(uid=Пользователь)'],
    ['%s', '(uid=%s)'],
  ])('lets the name %j end no comparison', (userName, filled) => {
    expect(fillFilter('(uid=%s)', { userName })).toBe(filled)
  })

  it('replaces all placeholders in one pass, so that a name is no placeholder', () => {
    const filled = fillFilter('(|(member=%d)(memberUid=%s)(x=%d))', { userName: '%d', dn: 'cn=a\\, (b),dc=x' })
    expect(filled).toBe('(|(member=cn=a\\5c, \\28b\\29,dc=x)(memberUid=%d)(x=cn=a\\5c, \\28b\\29,dc=x))')
  })

  it('reads escaped UTF-8 in what the operator wrote', () => {
    expect(fillFilter('(&(ou=\\d0\\9f\\D0\\be)(uid=%s)(x=\\2a))', { userName: 'a' })).toBe('(&(ou=По)(uid=a)(x=\\2a))')
  })

  it('never makes anything but a comparison with the very name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (userName) => {
        expect(FilterParser.parseString(`(uid=${escapeFilterValue(userName)})`)).toMatchObject({
          attribute: 'uid',
          value: userName,
        })
      }),
    )
  })
})

it.each([
  ['(uid=%s)', true],
  ['(&(objectclass=person)(|(uid=%s)(mail=%s)))', true],
  ['(member:1.2.840.113556.1.4.1941:=%d)', true],
  ['(&(objectCategory=group)(member:1.2.840.113556.1.4.1941:=%d))', true],
  ['uid=%s', false],
  ['(uid=%s', false],
  ['(uid=\\ff%s)', false],
  ['', false],
])('knows whether %s is a filter', (template, expected) => {
  expect(isFilter(template)).toBe(expected)
})

it('knows the attributes that hold the name, and no others', () => {
  const template = '(&(objectclass=person)(|(uid=%s)(mail=%s@example.org)(sAMAccountName=%s)(uid=%s)))'
  expect(attributesOfUserName(template)).toEqual(['uid', 'sAMAccountName'])
})
