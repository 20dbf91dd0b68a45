import { checkPassword } from '@daypass/core/identity/ldap/check.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FakeDirectory, fakeDirectory, LOOKUP } from '../../../support/fake-directory.ts'

const PEOPLE = 'ou=people,dc=example,dc=org'
const GROUPS = 'ou=groups,dc=example,dc=org'
const NOBODY = `cn=daypass: no such user,${PEOPLE}`
const SETTINGS = {
  SERVER_ADDR: 'ldap.example.org',
  LOOKUP_BIND_DN: LOOKUP.dn,
  LOOKUP_BIND_PASSWORD: LOOKUP.password,
  USER_DN_SEARCH_BASE_DN: `${PEOPLE};dc=partners`,
  USER_DN_SEARCH_FILTER: '(uid=%s)',
  USER_DN_ATTRIBUTES: 'mail,memberOf',
  GROUP_SEARCH_BASE_DN: `${GROUPS};ou=more,dc=example,dc=org`,
  GROUP_SEARCH_FILTER: '(&(objectclass=groupOfNames)(member=%d))',
}
const ENTRIES = [
  {
    dn: `UID=alice, ${PEOPLE}`,
    password: 'alice-pw',
    found: ['(uid=alice)', '(uid=ALICE)', '(uid=shared)'],
    attributes: { uid: ['alice', 'alias'], mail: ['alice@example.org'], memberOf: [`CN=nested, ${GROUPS}`] },
  },
  { dn: `uid=bob,${PEOPLE}`, password: 'bob-pw', found: ['(uid=bob)'] },
  { dn: `cn=Twin One,${PEOPLE}`, password: 'twin-pw', found: ['(uid=twin)'] },
  { dn: `cn=Twin Two,${PEOPLE}`, password: 'twin-pw', found: ['(uid=twin)'] },
  { dn: 'uid=shared,dc=partners', password: 'alice-pw', found: ['(uid=shared)'] },
  { dn: NOBODY, password: 'nobody-pw', found: [] },
  { dn: '', password: 'root-pw', found: ['(uid=root)'] },
  { dn: `cn=projecta,${GROUPS}`, found: [`(&(objectclass=groupOfNames)(member=UID=alice, ${PEOPLE}))`] },
]

let directory: FakeDirectory
const logged: unknown[] = []
beforeEach(() => {
  directory = fakeDirectory(ENTRIES)
  logged.length = 0
})
const keep = (record: unknown) => void logged.push(record)
const log = { info: keep, warn: keep, error: keep }
const sourcesOf = (settings: Record<string, string>) =>
  parseLdapSources(
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`DAYPASS_IDENTITY_LDAP_${key}`, value])),
    '1',
  )
const ask = (userName: string, password: string, settings: Record<string, string> = SETTINGS, source = 'default') =>
  checkPassword({ ldapSources: sourcesOf(settings), directory, log }, { source, userName, password })

describe('checking a password against a directory', () => {
  it('tells the name, the attributes and the groups of a user whose password it accepts', async () => {
    expect(await ask('alice', 'alice-pw')).toEqual({
      outcome: 'proven',
      user: {
        dn: `uid=alice,${PEOPLE}`,
        userName: 'alice',
        attributes: { mail: ['alice@example.org'], memberOf: [`CN=nested, ${GROUPS}`] },
        groups: [`cn=projecta,${GROUPS}`, `cn=nested,${GROUPS}`],
      },
    })
  })

  it("tells the user's name in the directory's spelling, and as it was asked where the directory tells none", async () => {
    expect(await ask('ALICE', 'alice-pw')).toMatchObject({ user: { userName: 'alice' } })
    expect(await ask('bob', 'bob-pw')).toMatchObject({ user: { userName: 'bob' } })
  })

  it('takes memberOf for groups only where the operator asks for it', async () => {
    const answer = await ask('alice', 'alice-pw', { ...SETTINGS, USER_DN_ATTRIBUTES: 'mail' })
    expect(answer).toMatchObject({
      user: { groups: [`cn=projecta,${GROUPS}`], attributes: { mail: expect.anything() } },
    })
  })

  it.each([
    ['a wrong password', 'alice', 'other'],
    ['an unknown user', 'nobody', 'alice-pw'],
    ['an unknown user by the password of whom is asked in its place', 'nobody', 'nobody-pw'],
    ['a name of two users', 'twin', 'twin-pw'],
    ['a name of two users under different bases', 'shared', 'alice-pw'],
    ['the password of the account that looks users up', 'alice', LOOKUP.password],
    ['a filter for a name', '*)(uid=*', 'alice-pw'],
    ['a pattern for a name', '*', 'alice-pw'],
  ])('refuses %s', async (_what, userName, password) => {
    expect(await ask(userName, password)).toMatchObject({ outcome: 'refused' })
  })

  it.each([
    ['alice', ''],
    ['', 'alice-pw'],
  ])('asks nothing for the user %j and the password %j', async (userName, password) => {
    expect(await ask(userName, password)).toMatchObject({ outcome: 'refused' })
    expect(directory.asked).toEqual([])
  })

  it('asks the directory as often, and the same, whoever the user is and whatever the password', async () => {
    const shapeOf = async (userName: string, password: string) => {
      directory.asked.length = 0
      await ask(userName, password)
      return directory.asked.map((each) => each.split(' ')[0])
    }
    const granted = await shapeOf('alice', 'alice-pw')
    const conversation = ['open', 'bind', 'search', 'search', 'bind', 'bind', 'search', 'search', 'close']
    expect(granted).toEqual(conversation)
    expect(await shapeOf('alice', 'wrong')).toEqual(granted)
    expect(await shapeOf('nobody', 'wrong')).toEqual(granted)
    expect(await shapeOf('twin', 'twin-pw')).toEqual(granted)
    expect(await shapeOf('bob', 'bob-pw')).toEqual(granted)
  })

  it('lets nobody stand in for a user that is not there, and sends the password once', async () => {
    await ask('nobody', 'guess')
    expect(directory.asked).toContain(`bind ${NOBODY}`)
    expect(directory.passwords).toEqual([LOOKUP.password, 'guess', LOOKUP.password])
  })

  it('asks for nobody in the place of one of several users, and knows why', async () => {
    expect(await ask('twin', 'twin-pw')).toEqual({ outcome: 'refused', reason: 'the name is of several users' })
    expect(directory.asked.filter((each) => each.startsWith('bind'))).toEqual(
      [LOOKUP.dn, NOBODY, LOOKUP.dn].map((dn) => `bind ${dn}`),
    )
  })

  it('takes the root of a directory, which has no name, for nobody', async () => {
    const rootOnly: FakeDirectory = {
      ...directory,
      open: async (source) => ({
        ...(await directory.open(source)),
        bind: async () => true,
        search: async () => [{ dn: '', attributes: {} }],
      }),
    }
    const deps = { ldapSources: sourcesOf(SETTINGS), directory: rootOnly, log }
    const question = { source: 'default', userName: 'root', password: 'root-pw' }
    expect(await checkPassword(deps, question)).toMatchObject({ outcome: 'unavailable' })
  })

  it('looks for users and groups by the account that may, not by the user', async () => {
    await ask('alice', 'alice-pw')
    const askedBefore = (what: string) =>
      directory.asked[directory.asked.findIndex((each) => each.startsWith(what)) - 1]
    expect(askedBefore(`search ${PEOPLE}`)).toBe(`bind ${LOOKUP.dn}`)
    expect(askedBefore(`search ${GROUPS}`)).toBe(`bind ${LOOKUP.dn}`)
  })

  it('takes an entry that two bases have in common for one user', async () => {
    const bases = { ...SETTINGS, USER_DN_SEARCH_BASE_DN: `${PEOPLE};dc=example,dc=org` }
    expect(await ask('bob', 'bob-pw', bases)).toMatchObject({ outcome: 'proven' })
  })

  it('searches no groups where none are configured', async () => {
    const { GROUP_SEARCH_BASE_DN: _base, GROUP_SEARCH_FILTER: _filter, ...settings } = SETTINGS
    expect(await ask('bob', 'bob-pw', settings)).toMatchObject({ user: { groups: [] } })
    expect(directory.asked.filter((each) => each.startsWith('search'))).toHaveLength(2)
  })

  it('says that there is no such directory', async () => {
    expect(await ask('alice', 'alice-pw', SETTINGS, 'other')).toEqual({ outcome: 'unknown-source' })
    expect(directory.asked).toEqual([])
  })

  it.each(['open', `bind ${LOOKUP.dn}`, 'search', 'bind UID=alice', `search ${GROUPS}`])(
    'says that the directory gave no answer when it breaks off at %s, and hangs up',
    async (at) => {
      directory.breaksAt = at
      expect(await ask('alice', 'alice-pw')).toEqual({ outcome: 'unavailable', reason: 'it broke off' })
      expect(directory.asked.at(-1)).toBe(at === 'open' ? 'open' : 'close')
      expect(logged).toEqual([{ event: 'directory-unavailable', source: 'default', reason: 'it broke off' }])
    },
  )

  it.each([
    ['the account that looks users up is not accepted', { LOOKUP_BIND_PASSWORD: 'old-pw' }, 'alice'],
    ['a user has no name', { USER_DN_SEARCH_BASE_DN: 'dc=example,dc=org' }, 'root'],
  ])('gives no answer about the password when %s', async (_what, settings, userName) => {
    const entries = ENTRIES.map((entry) => (entry.dn === '' ? { ...entry, found: [] } : entry))
    directory = fakeDirectory(
      userName === 'root' ? [{ dn: 'nameless,dc=example,dc=org', found: ['(uid=root)'] }] : entries,
    )
    expect(await ask(userName, 'root-pw', { ...SETTINGS, ...settings })).toMatchObject({ outcome: 'unavailable' })
  })

  it('never writes a password into its log or its answers', async () => {
    directory.breaksAt = 'bind UID=alice'
    const answer = await ask('alice', 'alice-pw')
    expect(JSON.stringify([answer, logged])).not.toMatch(/alice-pw|lookup-pw/)
  })
})
