import { StsError } from '@daypass/core/errors.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import { isProviderUrl } from '@daypass/core/store/entities/oidc-provider.ts'
import { limitExceeded } from './errors.ts'

export const MOST_PROVIDERS = 100
const MOST_CLIENT_IDS = 100
const MOST_THUMBPRINTS = 5

/**
 * Refuses what no issuer can be called. `http` is not AWS's, but a visible choice here; ports are Ceph's. The URL is kept as
 * it was sent, because a token's `iss` must equal it, so it has to be in the form that everybody reads alike.
 */
export function checkProviderUrl(url: string): void {
  if (!isProviderUrl(url) || url.includes('*')) {
    throw new StsError(
      'InvalidInput',
      'Invalid Open ID Connect Provider URL: it must begin with https:// (or http://) and have no query, fragment or user',
    )
  }
}

/** Each client id once. */
export function checkClientIds(clientIds: readonly string[]): readonly string[] {
  const distinct = [...new Set(clientIds)]
  if (distinct.length > MOST_CLIENT_IDS) throw limitExceeded('ClientIdsPerOpenIdConnectProvider', MOST_CLIENT_IDS)
  return distinct
}

/** In a Ceph-style account any 40 letters and digits will do, as in Ceph's own examples. */
export function checkThumbprints(account: string, thumbprints: readonly string[]): readonly string[] {
  if (thumbprints.length > MOST_THUMBPRINTS) {
    throw new StsError('InvalidInput', `Thumbprint list must contain at most ${MOST_THUMBPRINTS} entries.`)
  }
  const form = dialectOf(account) === 'ceph' ? /^[0-9A-Za-z]{40}$/ : /^[0-9A-Fa-f]{40}$/
  if (!thumbprints.every((thumbprint) => form.test(thumbprint))) {
    throw new StsError('InvalidInput', 'A thumbprint must consist of 40 hexadecimal digits.')
  }
  return thumbprints
}
