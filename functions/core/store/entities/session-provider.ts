import { oidcProviderArn, samlProviderArn } from '../../arn.ts'
import { oidcProviderKey, samlProviderKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item, Key } from '../port.ts'
import { Fields } from './fields.ts'

/** No OpenID provider's name holds a `?`. */
const SAML = '?saml/'

/** How a session names the SAML provider that it began with; an OpenID provider is named by its URL without scheme. */
export const samlSessionProvider = (name: string): string => `${SAML}${name}`

/** What is known of a session's provider by the session's name of it. */
export interface SessionProvider {
  readonly key: Key
  readonly arn: string
  /** What the condition keys of its identities begin with. */
  readonly keyPrefix: string
}

export function sessionProvider(account: string, provider: string): SessionProvider {
  if (!provider.startsWith(SAML)) {
    return {
      key: oidcProviderKey(account, provider),
      arn: oidcProviderArn(account, provider),
      keyPrefix: provider,
    }
  }
  const name = provider.slice(SAML.length)
  return { key: samlProviderKey(account, name), arn: samlProviderArn(account, name), keyPrefix: 'saml' }
}

/** What decides whether sessions of a provider still stand: when it was registered (s), and its mark of revocation (ms). */
export const parseProviderStanding = parsedOnce(
  (item: Item): { readonly createdAt: number; readonly revokedBefore?: number } => {
    const fields = new Fields(item)
    const revokedBefore = fields.optionalNumber('revokedBefore')
    return { createdAt: fields.number('createdAt'), ...(revokedBefore === undefined ? {} : { revokedBefore }) }
  },
)
