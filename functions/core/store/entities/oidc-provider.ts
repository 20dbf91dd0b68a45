import { oidcProviderArn } from '../../arn.ts'
import { oidcProviderKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
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

/** The first words of condition keys that are ours: a provider of such a name could answer for them. */
const RESERVED = new Set(['aws', 'cert', 'iam', 'jwt', 'ldap', 's3', 'saml', 'sts'])

/** AWS: a provider's URL has at most 255 characters. Anything else names no provider, and need not be looked for. */
export const isProviderName = (name: string): boolean =>
  /^[!-~]{1,255}$/.test(name) && !/[?#]/.test(name) && !RESERVED.has(name.toLowerCase())

/**
 * Whether a URL may be registered as an issuer: http or https, a host, no user, query or fragment (OpenID Connect
 * Discovery 1.0, section 2), and spelt as URL parsers spell it, so that nobody reads another host in it.
 */
export function isProviderUrl(url: string): boolean {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) return false
  const spelt = url.startsWith(`${parsed.protocol}//${parsed.host}`)
  const end = url.charAt(`${parsed.protocol}//${parsed.host}`.length)
  const explicitDefaultPort = /^:(?:80|443)(?:\/|$)/.test(url.slice(`${parsed.protocol}//${parsed.host}`.length))
  return spelt && (end === '' || end === '/' || explicitDefaultPort) && isProviderName(withoutScheme(url))
}

export function oidcProviderItem({ arn: _arn, name, tags, ...attributes }: OidcProvider): Item {
  return { ...oidcProviderKey(attributes.account, name), ...present({ ...attributes, tags: storedTags(tags) }) }
}

export const parseOidcProvider = parsedOnce((item: Item): OidcProvider => {
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
})
