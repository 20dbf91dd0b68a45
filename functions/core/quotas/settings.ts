import { ENVIRONMENT } from '../environment.ts'
import type { QuotaLimits } from './mint-quota.ts'

export class QuotaSettingError extends Error {
  override readonly name = 'QuotaSettingError'
}

/**
 * The quotas that the environment sets, in sessions a minute; what it does not name has no limit. Throws QuotaSettingError,
 * which names the variable, when its value is no whole number from 1 on.
 */
export function readQuotaLimits(env: Readonly<Record<string, string | undefined>>): QuotaLimits {
  const perIssuer = readLimit(env, ENVIRONMENT.issuerQuota)
  const perPrincipal = readLimit(env, ENVIRONMENT.principalQuota)
  return { ...(perIssuer && { perIssuer }), ...(perPrincipal && { perPrincipal }) }
}

function readLimit(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new QuotaSettingError(`Set ${name} to a whole number of sessions a minute, 1 or more`)
  return Number(text)
}
