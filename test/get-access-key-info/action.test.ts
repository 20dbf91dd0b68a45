import { sessionKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, accounts, BOB, EVE, OTHER, ROOT } from '../assume-role/accounts.ts'
import { ACCOUNT, type Deployment, deployment } from '../support/deployment.ts'

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const ask = (who: typeof ALICE, AccessKeyId: string) => daypass.signed(who, { Action: 'GetAccessKeyInfo', AccessKeyId })

describe('GetAccessKeyInfo', () => {
  it('tells the account of a long-term key and of a session, and nothing else', async () => {
    const { result } = await daypass.signed(EVE, { Action: 'GetSessionToken', DurationSeconds: '900' })
    const id = result.Credentials.AccessKeyId
    expect((await ask(ALICE, ALICE.accessKeyId)).result).toEqual({ Account: ACCOUNT })
    expect((await ask(ROOT, EVE.accessKeyId)).result).toEqual({ Account: OTHER })
    expect((await ask(ALICE, id)).result).toEqual({ Account: OTHER })
    daypass.clock.advance(900_000)
    expect((await ask(ALICE, id)).error?.Code).toBe('ValidationError')
  })

  it('does not know a key that is not there or was revoked', async () => {
    expect((await ask(ALICE, 'AKIANOBODY')).error?.Code).toBe('ValidationError')
    await daypass.deps.store.put({ ...sessionKey('ASIAGONE'), account: ACCOUNT, revokedAt: 1 })
    expect((await ask(ALICE, 'ASIAGONE')).error?.Code).toBe('ValidationError')
  })

  it.each(['', 'a b', 'x'.repeat(129)])('refuses the id %j', async (id) => {
    expect((await ask(ALICE, id)).error?.Code).toBe('ValidationError')
  })

  it('needs the right to it', async () => {
    const { error, status } = await ask(BOB, ALICE.accessKeyId)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
  })
})
