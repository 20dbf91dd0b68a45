import { parseArn, rootArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { RevokeSessionsRequest } from '@daypass/core/model/daypass/revoke-sessions.ts'
import { parseRoleArn } from '@daypass/core/sessions/named-role.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'
import { parseOidcProvider } from '@daypass/core/store/entities/oidc-provider.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import { isSamlProviderName, parseSamlProvider } from '@daypass/core/store/entities/saml-provider.ts'
import { type IdentitySession, sourceName } from '@daypass/core/store/entities/session.ts'
import { parseUser } from '@daypass/core/store/entities/user.ts'
import { accountKey, oidcProviderKey, roleKey, samlProviderKey, userKey } from '@daypass/core/store/keys.ts'
import type { Item, Key } from '@daypass/core/store/port.ts'

interface Named {
  /** What `sts:RevokeSessions` must be allowed on. */
  readonly resource: string
  readonly resourceAccount: string
}

/** What is to be revoked. */
export type Target =
  | { readonly kind: 'self' }
  | (Named & { readonly kind: 'session'; readonly accessKeyId: string })
  | (Named & { readonly kind: 'source'; readonly source: string })
  | (Named & { readonly kind: 'entity'; readonly key: Key; readonly isMeant: (item: Item) => boolean })

/**
 * Reads what a caller wants to revoke, and the resource on which it needs the right:
 *
 * | parameter    | resource                                          |
 * |--------------|---------------------------------------------------|
 * | AccessKeyId  | `arn:aws:sts::<account>:session/<AccessKeyId>`    |
 * | PrincipalArn | the user's or role's ARN                          |
 * | ProviderArn  | the provider's ARN                                |
 * | AllOfAccount | `arn:aws:iam::<account>:root`                     |
 *
 * That there is such a thing is not proved. Throws ValidationError or InvalidParameterCombination.
 */
export function parseTarget(account: string, input: RevokeSessionsRequest): Target {
  const { AccessKeyId, PrincipalArn, ProviderArn, AllOfAccount = false, IssuedBefore } = input
  const named = [AccessKeyId, PrincipalArn, ProviderArn, AllOfAccount || undefined].filter((each) => each !== undefined)
  if (named.length > 1) {
    throw new StsError(
      'InvalidParameterCombination',
      'Give one of AccessKeyId, PrincipalArn, ProviderArn and AllOfAccount',
    )
  }
  if (AccessKeyId !== undefined) {
    const resource = `arn:aws:sts::${account}:session/${AccessKeyId}`
    return { kind: 'session', resource, resourceAccount: account, accessKeyId: AccessKeyId }
  }
  if (PrincipalArn !== undefined) return principal(PrincipalArn)
  if (ProviderArn !== undefined) return provider(ProviderArn)
  if (AllOfAccount) {
    const resource = rootArn(account)
    return { kind: 'entity', resource, resourceAccount: account, key: accountKey(account), isMeant: () => true }
  }
  if (IssuedBefore !== undefined) {
    throw new StsError(
      'InvalidParameterCombination',
      'IssuedBefore needs one of AccessKeyId, PrincipalArn, ProviderArn and AllOfAccount',
    )
  }
  return { kind: 'self' }
}

function principal(resource: string): Target {
  const role = parseRoleArn(resource)
  if (role) {
    const key = roleKey(role.account, role.roleName)
    const isMeant = (item: Item) => parseRole(item).arn === resource
    return { kind: 'entity', resource, resourceAccount: role.account, key, isMeant }
  }
  const arn = parseArn(resource)
  const [, userName] = /^user\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(arn?.resource ?? '') ?? []
  if (arn?.service !== 'iam' || userName === undefined || !isAccountId(arn.account)) {
    throw new StsError('ValidationError', 'PrincipalArn must be the ARN of a user or a role')
  }
  const isMeant = (item: Item) => parseUser(item).arn === resource
  return { kind: 'entity', resource, resourceAccount: arn.account, key: userKey(arn.account, userName), isMeant }
}

/** How the configured sources of each kind are named; they have no row, so whether there is such a one is not known. */
const SOURCES: Readonly<Record<string, IdentitySession['sourceKind']>> = {
  'oidc-source': 'oidc',
  'ldap-provider': 'ldap',
  'certificate-provider': 'certificate',
  'token-provider': 'token',
}

function provider(resource: string): Target {
  const arn = parseArn(resource)
  const [, type = '', source = ''] = /^([a-z]+-[a-z]+)\/([a-z0-9][a-z0-9_-]{0,63})$/.exec(arn?.resource ?? '') ?? []
  const sourceKind = Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined
  if (arn?.service === 'iam' && sourceKind !== undefined && isAccountId(arn.account)) {
    return { kind: 'source', resource, resourceAccount: arn.account, source: sourceName({ sourceKind, source }) }
  }
  const [, saml = ''] = /^saml-provider\/(.*)$/.exec(arn?.resource ?? '') ?? []
  if (arn?.service === 'iam' && isSamlProviderName(saml) && isAccountId(arn.account)) {
    const isMeant = (item: Item) => parseSamlProvider(item).arn === resource
    return { kind: 'entity', resource, resourceAccount: arn.account, key: samlProviderKey(arn.account, saml), isMeant }
  }
  const [, name] = /^oidc-provider\/(.{1,255})$/.exec(arn?.resource ?? '') ?? []
  if (arn?.service !== 'iam' || name === undefined || !isAccountId(arn.account)) {
    throw new StsError(
      'ValidationError',
      'ProviderArn must be the ARN of an OpenID Connect or SAML provider or of a configured identity source',
    )
  }
  const isMeant = (item: Item) => parseOidcProvider(item).arn === resource
  return { kind: 'entity', resource, resourceAccount: arn.account, key: oidcProviderKey(arn.account, name), isMeant }
}
