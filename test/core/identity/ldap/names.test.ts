import { parseDn } from '@daypass/core/identity/ldap/dn.ts'
import { directoryNames, groupNameOfCn, groupNameOfDn } from '@daypass/core/identity/ldap/group-names.ts'
import { foldedUserName, preparedUserName } from '@daypass/core/identity/ldap/user-name.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('the IAM group of a distinguished name', () => {
  it.each([
    ['CN=projecta,OU=groups,DC=example,DC=org', 'cn=projecta,ou=groups,dc=example,dc=org', 'projecta'],
    ['cn=Domain Users,dc=x', 'cn=Domain@20Users,dc=x', 'Domain@20Users'],
    ['cn=team/slash,dc=x', 'cn=team@2Fslash,dc=x', 'team@2Fslash'],
    ['cn=По,dc=x', 'cn=@D0@9F@D0@BE,dc=x', '@D0@9F@D0@BE'],
    ['cn=Smith\\, J,dc=x', 'cn=Smith@5C,@20J,dc=x', 'Smith@2C@20J'],
    ['cn=a@b,dc=x', 'cn=a@b,dc=x', 'a@b'],
    ['cn=a@2Fb,dc=x', 'cn=a@402Fb,dc=x', 'a@402Fb'],
    ['cn=a@2fb,dc=x', 'cn=a@402fb,dc=x', 'a@402fb'],
    ['cn=x@example.org,dc=x', 'cn=x@example.org,dc=x', 'x@example.org'],
    ['cn=x@Debian.org,dc=x', 'cn=x@40Debian.org,dc=x', 'x@40Debian.org'],
    ['ou=team,dc=x', 'ou=team,dc=x', undefined],
    ['cn=a+ou=b,dc=x', 'cn=a+ou=b,dc=x', undefined],
    ['cn=#0401,dc=x', 'cn=@230401,dc=x', undefined],
  ])('is, for %s, %s or %s', (dn, byDn, byCn) => {
    expect(groupNameOfDn(parseDn(dn))).toBe(byDn)
    expect(groupNameOfCn(parseDn(dn))).toBe(byCn)
  })

  it('is never that of another group by a common name that looks like a distinguished name', () => {
    const posing = 'cn=cn\\=admins\\,dc\\=x,ou=mine,dc=x'
    expect(directoryNames('uid=eve,dc=x', [posing]).groups).not.toContain(groupNameOfDn(parseDn('cn=admins,dc=x')))
    expect(groupNameOfCn(parseDn(posing))).toBe('cn@3Dadmins@2Cdc@3Dx')
  })

  it('stays different for different common names', () => {
    const nameOf = (value: string) => groupNameOfCn([[{ type: 'cn', value }]])
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(nameOf(a) === nameOf(b)).toBe(a === b)
        expect(nameOf(a)).toMatch(/^[\w+.@-]*$/)
      }),
    )
  })

  it('is that of no other group, as IAM finds it without regard to case', () => {
    const found = (value: string) => groupNameOfCn([[{ type: 'cn', value }]])?.toLowerCase()
    const folded = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    const unit = fc.constantFrom('@', 'c', 'C', '3', 'a', '9', 'é', ',', '/', '2', 'f', 'F')
    const name = fc.string({ unit, maxLength: 7 })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(found(a) === found(b)).toBe(folded(a) === folded(b))
      }),
    )
    expect(found('R@c3@a9seau')).not.toBe(found('Réseau'))
  })

  it('is that of the user too, and no policy is named', () => {
    expect(directoryNames('UID=Alice,dc=x', ['cn=b,dc=x', 'cn=b,dc=x'])).toEqual({
      policies: [],
      groups: ['uid=Alice,dc=x', 'cn=b,dc=x', 'b'],
    })
  })
})

describe('a user name', () => {
  it.each([
    ['  alice ', 'alice'],
    ['Alice', 'Alice'],
    ['a\u00adli\u200bce', 'alice'],
    ['ａｌｉｃｅ', 'alice'],
    ['al  ice', 'al ice'],
    ['al\u00a0ice', 'al ice'],
    ['Пользователь', 'Пользователь'],
    ['slash/user', 'slash/user'],
    ['\u200b', ''],
    // RFC 4518 section 2.2 maps these to nothing, so that each would be another name of the same user.
    ['al\ufffcice\ufff9', 'alice'],
    ['\u06ddali\u070fce', 'alice'],
  ])('%j is prepared as %j', (typed, prepared) => {
    expect(preparedUserName(typed)).toBe(prepared)
  })

  it.each(['alice', 'ALICE', ' álice', 'A\u0301lice', 'al\u00adice', 'ａｌｉｃｅ', 'alice\u200d'])(
    'spelt %j is counted with the others',
    (typed) => {
      expect(foldedUserName(typed)).toBe('alice')
    },
  )

  it.each([
    ['alice', 'alicia'],
    ['a b', 'ab'],
    ['alice', 'alice*'],
  ])('%j is not counted with %j', (a, b) => {
    expect(foldedUserName(a)).not.toBe(foldedUserName(b))
  })

  it.each([
    ['Sørensen', 'SORENSEN'],
    ['Łukasz', 'lukasz'],
    ['Æthel', 'aethel'],
    ['ヤマガタ', 'やまかた'],
  ])('counts %s with %s, as Active Directory does', (a, b) => {
    expect(foldedUserName(a)).toBe(foldedUserName(b))
  })

  it('counts ß with ss, as directories do', () => {
    expect(foldedUserName('Weiß')).toBe(foldedUserName('WEISS'))
  })
})
