import { oidcProviderArn } from '../../arn.ts'
import { oidcProviderKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

export interface OidcProvider {
  readonly account: string
  /** As registered, scheme included: exactly the `iss` of its tokens. `http` here is the operator's visible choice. */
  readonly url: string
  /** The URL without its scheme: the name in the ARN and in condition keys. */
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  readonly clientIds: readonly string[]
  /** Kept and answered as AWS does; trust in the issuer's TLS comes from the public certificate authorities. */
  readonly thumbprints: readonly string[]
  readonly tags: readonly Tag[]
  readonly revokedBefore?: number
}

/** The provider's name: its URL without scheme. A trailing slash makes another provider. */
export const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, '')

/** AWS: a provider's URL has at most 255 characters. Anything else names no provider, and need not be looked for. */
export const isProviderName = (name: string): boolean => /^[^\s?#]{1,255}$/.test(name)

export function oidcProviderItem({ arn: _arn, name, tags, ...attributes }: OidcProvider): Item {
  return { ...oidcProviderKey(attributes.account, name), ...present({ ...attributes, tags: storedTags(tags) }) }
}

export function parseOidcProvider(item: Item): OidcProvider {
  const fields = new Fields(item)
  const [account, url] = [fields.text('account'), fields.text('url')]
  const revokedBefore = fields.optionalNumber('revokedBefore')
  const name = withoutScheme(url)
  return {
    account,
    url,
    name,
    arn: oidcProviderArn(account, name),
    createdAt: fields.number('createdAt'),
    clientIds: fields.texts('clientIds'),
    thumbprints: fields.texts('thumbprints'),
    tags: fields.tags('tags'),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
  }
}
