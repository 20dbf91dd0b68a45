import { beforeAll, describe, expect, it } from 'vitest'
import { accounts, BOB, ROOT } from '../assume-role/accounts.ts'
import { type Deployment, deployment } from '../support/deployment.ts'

let daypass: Deployment
beforeAll(async () => {
  daypass = await deployment(...accounts)
})
const trade = (who: typeof ROOT, TradeInToken = 'token') =>
  daypass.signed(who, { Action: 'GetDelegatedAccessToken', TradeInToken })

describe('GetDelegatedAccessToken', () => {
  it('refuses every token', async () => {
    const { error, status, body } = await trade(ROOT, 'some-trade-in-token')
    expect([error?.Code, status]).toEqual(['ExpiredTradeInTokenException', 400])
    expect(body).not.toContain('some-trade-in-token')
  })

  it('needs the right to it', async () => {
    expect((await trade(BOB)).error?.Code).toBe('AccessDenied')
  })
})
