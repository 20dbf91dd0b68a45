export const ACCOUNT = '000000000000'
export const ROOT = { AccessKeyId: 'dex-root', SecretAccessKey: 'dex-root-secret' } as const
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/**
 * A bootstrap document in which each issuer is registered for the clients `app` and `minio`, with a role of the issuer's
 * name for its user alice.
 */
export function trusting(issuers: Readonly<Record<string, string>>) {
  const provider = (url: string) => url.replace(/^https?:\/\//, '')
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        openIdConnectProviders: Object.values(issuers).map((Url) => ({ Url, ClientIDList: ['app', 'minio'] })),
        roles: Object.entries(issuers).map(([RoleName, url]) => ({
          RoleName,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider(url)}` },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: {
                StringEquals: { [`${provider(url)}:email`]: 'alice@example.com' },
                Bool: { [`${provider(url)}:email_verified`]: 'true' },
              },
            },
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
        })),
      },
    ],
  }
}
