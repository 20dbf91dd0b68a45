import { parseArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import {
  isSamlProviderName,
  parseSamlProvider,
  type SamlProvider,
  samlProviderItem,
} from '@daypass/core/store/entities/saml-provider.ts'
import { samlProviderKey } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'
import { type ContextKeys, joinKeys } from './context-keys.ts'
import { invalidArn } from './errors.ts'
import type { RowKind } from './row-kind.ts'
import { resourceTagKeys } from './tags.ts'

export const SAML_PROVIDER: RowKind<SamlProvider> = { id: 'uuid', parse: parseSamlProvider, toItem: samlProviderItem }

/**
 * The provider that an ARN names, once the caller may do the action on it. Throws InvalidInput for what is no provider's
 * ARN, then AccessDenied, then NoSuchEntity.
 */
export async function allowedSamlProvider(
  call: IamCall,
  action: string,
  arn: string,
  keys: ContextKeys = new Map(),
): Promise<SamlProvider> {
  const parsed = parseArn(arn)
  const name = parsed?.resource.replace(/^saml-provider\//, '') ?? ''
  if (parsed?.service !== 'iam' || name === parsed.resource || !isSamlProviderName(name)) throw invalidArn(arn)
  const item = await call.store.get(samlProviderKey(call.account, name))
  const found = item && parseSamlProvider(item)
  // Only the caller's own account is looked into: another account's ARN, or another partition's, names nothing there.
  const provider = found?.arn === arn ? found : undefined
  await call.demand(action, arn, joinKeys(resourceTagKeys(provider?.tags ?? []), keys))
  if (!provider) throw new StsError('NoSuchEntity', `Manifest not found for arn ${arn}`)
  return provider
}
