/** The parts of `arn:partition:service:region:account:resource`; the resource may hold colons. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Splits an ARN; `undefined` when the text is none. An empty account is an account of its own. */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined
  const partitionEnd = text.indexOf(':', 4)
  const serviceEnd = text.indexOf(':', partitionEnd + 1)
  const regionEnd = text.indexOf(':', serviceEnd + 1)
  const accountEnd = text.indexOf(':', regionEnd + 1)
  if (partitionEnd <= 4 || serviceEnd <= partitionEnd + 1 || regionEnd <= serviceEnd || accountEnd <= regionEnd) {
    return undefined
  }
  if (accountEnd === text.length - 1) return undefined
  return {
    partition: text.slice(4, partitionEnd),
    service: text.slice(partitionEnd + 1, serviceEnd),
    region: text.slice(serviceEnd + 1, regionEnd),
    account: text.slice(regionEnd + 1, accountEnd),
    resource: text.slice(accountEnd + 1),
  }
}

const iam = (account: string, resource: string) => `arn:aws:iam::${account}:${resource}`
const sts = (account: string, resource: string) => `arn:aws:sts::${account}:${resource}`

export const rootArn = (account: string) => iam(account, 'root')
/** `path` begins and ends with `/`. */
export const userArn = (account: string, path: string, name: string) => iam(account, `user${path}${name}`)
export const roleArn = (account: string, path: string, name: string) => iam(account, `role${path}${name}`)
export const groupArn = (account: string, path: string, name: string) => iam(account, `group${path}${name}`)
export const policyArn = (account: string, path: string, name: string) => iam(account, `policy${path}${name}`)
export const oidcProviderArn = (account: string, url: string) => iam(account, `oidc-provider/${url}`)
export const samlProviderArn = (account: string, name: string) => iam(account, `saml-provider/${name}`)
/** A role session's ARN has the role's name without its path (AWS: IAM identifiers). */
export const assumedRoleArn = (account: string, roleName: string, sessionName: string) =>
  sts(account, `assumed-role/${roleName}/${sessionName}`)
export const federatedUserArn = (account: string, name: string) => sts(account, `federated-user/${name}`)
/** Of a source that is configured and not registered (`ldap-provider/default`), as trust policies and RevokeSessions name it. */
export const identityProviderArn = (
  account: string,
  { sourceKind, source }: { readonly sourceKind: 'oidc' | 'ldap' | 'certificate' | 'token'; readonly source: string },
) => iam(account, `${sourceKind === 'oidc' ? 'oidc-source' : `${sourceKind}-provider`}/${source}`)
