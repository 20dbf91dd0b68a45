import { DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { expect, it } from 'vitest'
import { checkDirectory } from '../../functions/check-directory/action.ts'
import { lookupPasswords } from '../../functions/check-directory/look-up-passwords.ts'
import { FIXTURE_DIRECTORY, fakeDirectory, LOOKUP } from '../support/fake-directory.ts'
import { ManualClock } from '../support/manual-clock.ts'

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lookup-AbCdEf'
const ALICE = { source: 'default', userName: 'alice', password: 'alice-pw' }

function setUp(secretArns = new Map([['default', ARN]])) {
  const clock = new ManualClock()
  const environment = { ...FIXTURE_DIRECTORY.environment, DAYPASS_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD: 'in its secret' }
  const state = { secret: LOOKUP.password as string | Error, reads: [] as string[], logged: [] as unknown[] }
  const read = async (arn: string) => {
    state.reads.push(arn)
    if (state.secret instanceof Error) throw state.secret
    return state.secret
  }
  const directory = fakeDirectory(FIXTURE_DIRECTORY.entries)
  const note = (record: unknown) => void state.logged.push(record)
  const check = checkDirectory({
    ldapSources: parseLdapSources(environment, '000000000000'),
    directory,
    log: { info: note, warn: note, error: note },
    withLookupPassword: lookupPasswords({ secretArns, read, clock }),
  })
  return { clock, state, directory, check }
}

it('binds the look-up account with what its secret holds, and reads it once in five minutes', async () => {
  const { check, clock, state } = setUp()
  expect((await check(ALICE)).outcome).toBe('proven')
  clock.advance(5 * 60_000 - 1)
  expect((await check(ALICE)).outcome).toBe('proven')
  expect(state.reads).toEqual([ARN])
  clock.advance(1)
  await check(ALICE)
  expect(state.reads).toEqual([ARN, ARN])
})

it('takes up another password after five minutes', async () => {
  const { check, clock, state } = setUp()
  state.secret = 'former'
  expect(await check(ALICE)).toMatchObject({ outcome: 'unavailable' })
  state.secret = LOOKUP.password
  clock.advance(5 * 60_000)
  expect((await check(ALICE)).outcome).toBe('proven')
})

it('serves on with the password at hand while the secret cannot be read, and tries again half a minute later', async () => {
  const { check, clock, state } = setUp()
  await check(ALICE)
  state.secret = new Error('throttled')
  clock.advance(5 * 60_000)
  expect((await check(ALICE)).outcome).toBe('proven')
  clock.advance(29_999)
  expect((await check(ALICE)).outcome).toBe('proven')
  expect(state.reads).toHaveLength(2)
  clock.advance(1)
  await check(ALICE)
  expect(state.reads).toHaveLength(3)
})

it.each([
  [
    'cannot be read',
    Object.assign(new Error('may not read arn:…'), { name: 'AccessDeniedException' }),
    /AccessDeniedException$/,
  ],
  ['is empty', '', /is empty$/],
])(
  'asks no directory when its secret %s, says why in the log, and tries again with the next question',
  async (_flaw, secret, reason) => {
    const { check, directory, state } = setUp()
    state.secret = secret
    expect(await check(ALICE)).toEqual({ outcome: 'unavailable', reason: expect.stringMatching(reason) })
    expect(state.logged).toEqual([
      { event: 'directory-unavailable', source: 'default', reason: expect.stringMatching(reason) },
    ])
    expect(directory.asked).toEqual([])
    state.secret = LOOKUP.password
    expect((await check(ALICE)).outcome).toBe('proven')
  },
)

it('reads the secret of the directory that is asked, and of no other', async () => {
  const { check, state } = setUp(new Map([['other', ARN]]))
  expect(await check(ALICE)).toMatchObject({ outcome: 'unavailable' })
  expect(await check({ ...ALICE, source: 'other' })).toEqual({ outcome: 'unknown-source' })
  expect(state.reads).toEqual([])
})

it('rejects with the error that never counts as a failed sign-in', async () => {
  const read = async () => Promise.reject(new Error('x'))
  const [source] = parseLdapSources(FIXTURE_DIRECTORY.environment, '000000000000')
  if (!source) throw new Error('no source')
  const withPassword = lookupPasswords({ secretArns: new Map([['default', ARN]]), read, clock: new ManualClock() })
  await expect(withPassword(source)).rejects.toThrow(DirectoryUnavailable)
})
