import { parseArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { type OidcProvider, oidcProviderItem, parseOidcProvider } from '@daypass/core/store/entities/oidc-provider.ts'
import { oidcProviderKey } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'
import { type ContextKeys, joinKeys } from './context-keys.ts'
import { invalidArn } from './errors.ts'
import type { RowKind } from './row-kind.ts'
import { resourceTagKeys } from './tags.ts'

export const OIDC_PROVIDER: RowKind<OidcProvider> = { id: 'url', parse: parseOidcProvider, toItem: oidcProviderItem }

/** Host and path of a URL of at most 255 characters. */
const PROVIDER_RESOURCE = /^oidc-provider\/[!-~]{1,255}$/

/**
 * The provider that an ARN names, if there is one, once the caller may do the action on it. Throws InvalidInput for what is
 * no provider's ARN, then AccessDenied.
 */
export async function allowedIfAny(
  call: IamCall,
  action: string,
  arn: string,
  keys: ContextKeys = new Map(),
): Promise<OidcProvider | undefined> {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'iam' || !PROVIDER_RESOURCE.test(parsed.resource)) throw invalidArn(arn)
  const name = parsed.resource.slice('oidc-provider/'.length)
  const item = await call.store.get(oidcProviderKey(call.account, name))
  const found = item && parseOidcProvider(item)
  // Only the caller's own account is looked into: another account's ARN, or another partition's, names nothing there.
  const provider = found?.arn === arn ? found : undefined
  await call.demand(action, arn, joinKeys(resourceTagKeys(provider?.tags ?? []), keys))
  return provider
}

/** As `allowedIfAny`, for actions that need the provider: throws NoSuchEntity last. */
export async function allowedProvider(
  call: IamCall,
  action: string,
  arn: string,
  keys: ContextKeys = new Map(),
): Promise<OidcProvider> {
  const provider = await allowedIfAny(call, action, arn, keys)
  if (!provider) throw new StsError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`)
  return provider
}
