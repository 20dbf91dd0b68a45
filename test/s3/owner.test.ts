import { expect, it } from 'vitest'
import { ANONYMOUS_ID, accountOf, canonicalUserId, displayName } from '../../functions/s3/owner.ts'

it.each(['111122223333', '', 'rgw', 'a'.repeat(31)])('the account %j is known by 64 hexadecimal digits', (account) => {
  const id = canonicalUserId(account)
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect([accountOf(id), displayName(id)]).toEqual([account, account])
})

it('the longest of accounts has a longer id, and no two share one', () => {
  const accounts = ['', '_', 'a'.repeat(32), 'a'.repeat(63), 'a'.repeat(64)]
  expect(accounts.map((account) => accountOf(canonicalUserId(account)))).toEqual(accounts)
  expect(new Set(accounts.map(canonicalUserId)).size).toBe(accounts.length)
})

const flipped = (id: string, at: number) => id.slice(0, at) + (id[at] === '0' ? '1' : '0') + id.slice(at + 1)

it.each([
  ['the anonymous', ANONYMOUS_ID],
  ['nobody', ''],
  ['a name', 'rgw'],
  ['an id in capitals', canonicalUserId('rgw').toUpperCase()],
  ['an id with a byte behind its account', flipped(canonicalUserId('rgw'), 63)],
  ['an id of another length', flipped(canonicalUserId('rgw'), 1)],
  ['an id of no account’s characters', flipped(canonicalUserId('rgw'), 2)],
  ['a short id', canonicalUserId('rgw').slice(2)],
  ['a long one', `${canonicalUserId('rgw')}00`],
])('%s is no account', (_what, id) => {
  expect(accountOf(id)).toBeUndefined()
  expect(displayName(id)).toBe('anonymous')
})
