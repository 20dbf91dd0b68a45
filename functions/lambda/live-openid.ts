import { ENVIRONMENT } from '@daypass/core/environment.ts'
import type { IssuerKeyDeps } from '@daypass/core/identity/issuer-keys.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { clock, log } from './live.ts'

/** How issuers' keys are fetched; private addresses only where the deployment allows them. */
export function liveIssuerKeys(store: Store): IssuerKeyDeps {
  const addresses = process.env[ENVIRONMENT.privateAddresses] === 'allow' ? 'any' : 'public-only'
  return { store, clock, log, fetch: guardedFetch({ addresses }), imported: new ImportedKeys(), flights: new Map() }
}

/** The OpenID sources that the function's environment configures, of the default account. */
export function liveOpenId(accountId: string) {
  return { openIdSources: parseOpenIdSources(process.env, accountId) }
}
