import { namedAwsPrincipals, renamePrincipals } from '@daypass/core/policy/rename-principals.ts'
import { describe, expect, it } from 'vitest'

const upper = (name: string) => name.toUpperCase()

describe('renamePrincipals', () => {
  it.each([
    ['one name', '{"Principal":{"AWS":"a"}}', '{"Principal":{"AWS":"A"}}'],
    ['several', '{"Principal":{"AWS":["a","b"]}}', '{"Principal":{"AWS":["A","B"]}}'],
    ['NotPrincipal', '{"NotPrincipal":{"AWS":["a"]}}', '{"NotPrincipal":{"AWS":["A"]}}'],
    [
      'no name of another type',
      '{"Principal":{"Federated":"f","AWS":"a"}}',
      '{"Principal":{"Federated":"f","AWS":"A"}}',
    ],
    ['not everyone', '{"Principal":"x"}', '{"Principal":"x"}'],
    [
      'nothing in conditions, whose numbers keep their spelling',
      '{"Condition":{"ArnEquals":{"AWS":"a"},"NumericEquals":{"k":12345678901234567890.10}}}',
      '{"Condition":{"ArnEquals":{"AWS":"a"},"NumericEquals":{"k":12345678901234567890.10}}}',
    ],
    ['names with quotation marks', '{"Principal":{"AWS":"\\"é"}}', '{"Principal":{"AWS":"\\"É"}}'],
  ])('changes %s', (_what, statement, changed) => {
    expect(renamePrincipals(`{"Version":"v","Statement":${statement}}`, upper)).toBe(
      `{"Version":"v","Statement":${changed}}`,
    )
    expect(renamePrincipals(`{"Statement":[${statement}, ${statement}],"Id":null}`, upper)).toBe(
      `{"Statement":[${changed},${changed}],"Id":null}`,
    )
  })
})

describe('namedAwsPrincipals', () => {
  it('tells each name once', () => {
    const text = '{"Statement":[{"Principal":{"AWS":["a","b"]}},{"NotPrincipal":{"AWS":"a"}},{"Principal":"*"}]}'
    expect([...namedAwsPrincipals(text)]).toEqual(['a', 'b'])
  })
})
