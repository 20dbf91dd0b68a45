export const ACCOUNT = '000000000000'
export const ROOT = { AccessKeyId: 'kubernetes-root', SecretAccessKey: 'kubernetes-root-secret' } as const
export const AUDIENCE = 'sts.amazonaws.com'
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/** An account that trusts a cluster: one role for one service account, one for whatever runs in the namespace `batch`. */
export function trustedAccount(issuer: string) {
  const name = issuer.replace('https://', '')
  const role = (RoleName: string, StringEquals: Readonly<Record<string, string>>, policy: string) => ({
    RoleName,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${name}:aud`]: AUDIENCE, ...StringEquals } },
      },
    },
    attachedPolicies: [`arn:aws:iam::aws:policy/${policy}`],
  })
  const subject = 'system:serviceaccount:default:s3-full-access'
  return {
    id: ACCOUNT,
    rootAccessKey: ROOT,
    openIdConnectProviders: [{ Url: issuer, ClientIDList: [AUDIENCE] }],
    roles: [
      role('s3-full-access', { [`${name}:sub`]: subject }, 'AmazonS3FullAccess'),
      role('batch', { [`${name}:kubernetes.io.namespace`]: 'batch' }, 'AmazonS3ReadOnlyAccess'),
    ],
  }
}
