export const ACCOUNT = '000000000000'
export const ROOT = { AccessKeyId: 'keycloak-root', SecretAccessKey: 'keycloak-root-secret' } as const

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/**
 * A bootstrap document in which Keycloak's realm is registered for the clients `app` and `service`: a role for whoever is in
 * the group `projecta`, and one for the service itself.
 */
export function trusting(issuer: string) {
  const name = issuer.replace(/^https?:\/\//, '')
  const trust = (Action: string, Condition: object, also: readonly string[] = []) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
      Action: [Action, ...also],
      Condition,
    },
  })
  const attachedPolicies = ['arn:aws:iam::aws:policy/AmazonS3FullAccess']
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        openIdConnectProviders: [{ Url: issuer, ClientIDList: ['app', 'service'] }],
        roles: [
          {
            RoleName: 'project',
            AssumeRolePolicyDocument: trust(
              'sts:AssumeRoleWithWebIdentity',
              {
                StringEquals: { [`${name}:aud`]: 'app' },
                'ForAnyValue:StringEquals': { [`${name}:groups`]: 'projecta' },
              },
              ['sts:TagSession'],
            ),
            attachedPolicies,
          },
          {
            RoleName: 'service',
            AssumeRolePolicyDocument: trust('sts:AssumeRoleWithClientGrants', {
              StringEquals: { [`${name}:azp`]: 'service' },
            }),
            attachedPolicies,
          },
        ],
      },
    ],
  }
}
