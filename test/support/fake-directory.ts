import { type Directory, type DirectoryEntry, DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'

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
