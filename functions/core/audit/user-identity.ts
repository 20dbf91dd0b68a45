import { parseArn } from '../arn.ts'
import type { ExchangeRecord } from './cloudtrail.ts'

/** CloudTrail has names for two kinds of outside identity; the others are named in the same manner. */
const TYPES: Readonly<Record<string, string>> = {
  oidc: 'WebIdentityUser',
  ldap: 'DirectoryUser',
  certificate: 'CertificateUser',
  token: 'CustomTokenUser',
}

/**
 * Who asked, as far as it was proven: the signer of the request, or else the holder of a proven token, certificate or
 * password. Someone of whom nothing is proven is `Unknown`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function userIdentityOf({ caller, callerAccessKeyId, provider, subject, source }: ExchangeRecord) {
  if (typeof caller === 'string') return signer(caller, callerAccessKeyId)
  if (typeof subject !== 'string') return { type: 'Unknown' }
  const identityProvider = typeof provider === 'string' ? provider : source
  return {
    type: outsideType(provider, source),
    principalId: `${identityProvider}:${subject}`,
    userName: subject,
    identityProvider,
  }
}

function outsideType(provider: unknown, source: unknown): string {
  if (typeof source === 'string') return TYPES[source.split('/')[0] ?? ''] ?? 'WebIdentityUser'
  const kind = typeof provider === 'string' ? PROVIDER_KIND.exec(provider)?.[1] : undefined
  if (kind === 'saml') return 'SAMLUser'
  return TYPES[kind ?? ''] ?? 'WebIdentityUser'
}

/** Of an ARN `arn:…:<account>:<kind>-provider/<name>`. */
const PROVIDER_KIND = /^(?:[^:]*:){5}([^:/]*)-provider(?:[:/]|$)/

function signer(arn: string, accessKeyId: unknown) {
  const { account: accountId = '', resource = '' } = parseArn(arn) ?? {}
  const [kind = '', ...names] = resource.split('/')
  const base = { arn, accountId, accessKeyId }
  switch (kind) {
    case 'root':
      return { type: 'Root', ...base }
    case 'user':
      return { type: 'IAMUser', ...base, userName: names.at(-1) }
    case 'assumed-role': {
      const sessionIssuer = { type: 'Role', accountId, userName: names[0] }
      return { type: 'AssumedRole', ...base, sessionContext: { sessionIssuer } }
    }
    case 'federated-user':
      return { type: 'FederatedUser', ...base }
    default:
      return { type: 'Unknown', ...base }
  }
}
