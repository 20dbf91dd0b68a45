import { readQuotaLimits } from '@daypass/core/quotas/settings.ts'
import { describe, expect, it } from 'vitest'

const ISSUER = 'DAYPASS_QUOTA_PER_ISSUER'
const PRINCIPAL = 'DAYPASS_QUOTA_PER_PRINCIPAL'

describe('the quotas of the environment', () => {
  it.each([
    [{}, {}],
    [{ [ISSUER]: '', [PRINCIPAL]: '' }, {}],
    [{ [ISSUER]: '60000' }, { perIssuer: 60_000 }],
    [
      { [ISSUER]: '1', [PRINCIPAL]: '999999999' },
      { perIssuer: 1, perPrincipal: 999_999_999 },
    ],
  ])('%o are %o', (env, limits) => {
    expect(readQuotaLimits(env)).toEqual(limits)
  })

  it.each(['0', '-1', '1.5', '1e3', ' 5', 'many', '1000000000'])('refuse "%s", and name the variable', (value) => {
    for (const name of [ISSUER, PRINCIPAL]) expect(() => readQuotaLimits({ [name]: value })).toThrow(`Set ${name} to`)
  })
})
