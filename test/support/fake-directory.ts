import type { Log } from '@daypass/core/deps.ts'
import { checkPassword } from '@daypass/core/identity/ldap/check.ts'
import { type Directory, type DirectoryEntry, DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import type { DirectoryAccess } from '../../functions/assume-role-with-ldap-identity/action.ts'

/** An entry that is found by these filters, word by word. */
export interface FakeEntry {
  readonly dn: string
  readonly password?: string
  readonly found: readonly string[]
  readonly attributes?: DirectoryEntry['attributes']
}

export interface FakeDirectory extends Directory {
  /** Everything that was asked, in order, without passwords. */
  readonly asked: string[]
  /** Passwords that were sent, in order. */
  readonly passwords: string[]
  /** What breaks, by the beginning of what is asked. */
  breaksAt: string | undefined
}

export const LOOKUP = { dn: 'cn=lookup,dc=example,dc=org', password: 'lookup-pw' }

/** A directory in memory at the port. Only the account that looks users up sees entries. */
export function fakeDirectory(entries: readonly FakeEntry[]): FakeDirectory {
  const all = [...entries, { ...LOOKUP, found: [] }]
  const fake: FakeDirectory = {
    asked: [],
    passwords: [],
    breaksAt: undefined,
    async open() {
      note('open')
      let bound = ''
      return {
        async bind(dn, password) {
          note(`bind ${dn}`)
          fake.passwords.push(password)
          const entry = all.find((each) => each.dn === dn)
          const accepted = entry?.password === password && password !== ''
          bound = accepted ? dn : ''
          return accepted
        },
        async search({ base, filter, attributes, enough }) {
          note(`search ${base} ${filter}`)
          if (bound !== LOOKUP.dn) return []
          const found = entries.filter(({ dn, found }) => found.includes(filter) && dn.endsWith(base))
          return found.slice(0, enough ?? found.length).map(({ dn, attributes: own = {} }) => ({
            dn,
            attributes: Object.fromEntries(attributes.map((name) => [name, own[name] ?? []])),
          }))
        },
        async close() {
          fake.asked.push('close')
        },
      }
    },
  }
  const note = (what: string) => {
    fake.asked.push(what)
    if (fake.breaksAt !== undefined && what.startsWith(fake.breaksAt)) throw new DirectoryUnavailable('it broke off')
  }
  return fake
}

/** The directory of the event fixtures. */
export const FIXTURE_DIRECTORY = {
  environment: {
    DAYPASS_IDENTITY_LDAP_SERVER_ADDR: 'ldap.example.org',
    DAYPASS_IDENTITY_LDAP_LOOKUP_BIND_DN: LOOKUP.dn,
    DAYPASS_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD: LOOKUP.password,
    DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_BASE_DN: 'ou=people,dc=example,dc=org',
    DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_FILTER: '(uid=%s)',
    DAYPASS_IDENTITY_LDAP_GROUP_SEARCH_BASE_DN: 'ou=groups,dc=example,dc=org',
    DAYPASS_IDENTITY_LDAP_GROUP_SEARCH_FILTER: '(member=%d)',
  },
  entries: [
    { dn: 'uid=alice,ou=people,dc=example,dc=org', password: 'alice-pw', found: ['(uid=alice)'] },
    { dn: 'uid=bob,ou=people,dc=example,dc=org', password: 'bob-pw', found: ['(uid=bob)'] },
    {
      dn: 'cn=projecta,ou=groups,dc=example,dc=org',
      found: ['(member=uid=alice,ou=people,dc=example,dc=org)'],
    },
  ],
} as const

export function fixtureDirectories(log: Log): DirectoryAccess {
  const account = '000000000000'
  const ldapSources = parseLdapSources(FIXTURE_DIRECTORY.environment, account)
  const directory = fakeDirectory(FIXTURE_DIRECTORY.entries)
  return {
    account,
    check: (question) => checkPassword({ ldapSources, directory, log }, question),
    pause: async () => {},
  }
}
