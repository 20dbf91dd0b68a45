import { ENVIRONMENT } from '@daypass/core/environment.ts'
import type { QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { KIND } from '@daypass/core/store/keys.ts'
import type { FunctionGrants } from './grants.ts'

/** 50 sessions a second for one holder, 1,000 for all holders of an issuer's tokens: far above what sound clients ask for. */
const DEFAULTS = { perIssuer: 60_000, perPrincipal: 3_000 } satisfies QuotaLimits

/** The settings of a function that counts sessions; none for another. Throws for a quota that is no whole number from 1 on. */
export function quotaSettings({ table }: FunctionGrants, quotas: QuotaLimits): Record<string, string> {
  if (!table.some(({ kinds }) => kinds.includes(KIND.quota))) return {}
  const { perIssuer, perPrincipal } = { ...DEFAULTS, ...quotas }
  for (const limit of [perIssuer, perPrincipal]) {
    if (!Number.isInteger(limit) || limit < 1 || limit > 999_999_999) {
      throw new Error('A quota is a whole number of sessions a minute, 1 or more')
    }
  }
  return { [ENVIRONMENT.issuerQuota]: String(perIssuer), [ENVIRONMENT.principalQuota]: String(perPrincipal) }
}
