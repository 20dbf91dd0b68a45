import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../functions/core/environment.ts'

describe('readEnvironment', () => {
  it('answers the needed settings by name and nothing else', () => {
    const env = { DAYPASS_TABLE: 'table', DAYPASS_ACCOUNT_ID: '000000000000', PATH: '/bin' }
    expect(readEnvironment(env, ['table', 'accountId'])).toEqual({ table: 'table', accountId: '000000000000' })
  })

  it('lets the account id be empty', () => {
    expect(readEnvironment({ DAYPASS_ACCOUNT_ID: '' }, ['accountId'])).toEqual({ accountId: '' })
  })

  it('reports every missing variable in one error', () => {
    expect(() => readEnvironment({ DAYPASS_TABLE: '' }, ['table', 'accountId', 'sessionRing'])).toThrow(
      'Set the environment variables that this function needs: DAYPASS_TABLE, DAYPASS_ACCOUNT_ID, DAYPASS_SESSION_RING_SECRET',
    )
  })

  it('repeats no value in its error', () => {
    expect(() => readEnvironment({ DAYPASS_TABLE: 'a-value' }, ['table', 'sessionRing'])).toThrow(/^(?!.*a-value)/)
  })
})
