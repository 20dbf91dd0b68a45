import { describe, expect, it } from 'vitest'
import { synthesize } from './templates.ts'

describe('addDaypass', () => {
  it('synthesizes without account, region, context or look-ups', () => {
    const { app } = synthesize()
    const { stacks } = app.synth()
    expect(stacks.map(({ stackName, environment }) => [stackName, environment.account, environment.region])).toEqual([
      ['DaypassState', 'unknown-account', 'unknown-region'],
      ['DaypassApi', 'unknown-account', 'unknown-region'],
    ])
  })

  it.each([['a b'], ['aws'], ['x'.repeat(65)]])('refuses the account id %j', (accountId) => {
    expect(() => synthesize({ accountId })).toThrow('accountId')
  })

  it.each([[''], ['000000000000'], ['Team_1-a']])('takes the account id %j', (accountId) => {
    expect(() => synthesize({ accountId })).not.toThrow()
  })

  it('refuses a bootstrap document that a deploy would refuse for its form', () => {
    expect(() => synthesize({ bootstrap: { accounts: [{ id: 'a b' }] } })).toThrow('bootstrap document')
  })

  it('refuses a bootstrap document that would not reach its function', () => {
    const policies = Array.from({ length: 300 }, (_, i) => ({
      PolicyName: `p${i}`,
      PolicyDocument: { Id: 'x'.repeat(700) },
    }))
    expect(() => synthesize({ bootstrap: { accounts: [{ id: 'a', policies }] } })).toThrow('larger than')
  })
})
