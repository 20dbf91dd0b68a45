export const ACCOUNT = '000000000000'
export const ROOT = { AccessKeyId: 'keycloak-root', SecretAccessKey: 'keycloak-root-secret' } as const

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

const WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity'

/**
 * A bootstrap document in which Keycloak's realm is registered for the clients `app` and `service`: roles for whoever is in
 * the group `projecta`, for the service itself, and for who works in engineering by the token's session tags; `untagged` is
 * as that one, but lets no session be tagged.
 */
export function trusting(issuer: string) {
  const name = issuer.replace(/^https?:\/\//, '')
  const trust = (Action: readonly string[], Condition: object) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
      Action,
      Condition,
    },
  })
  const forApp = { [`${name}:aud`]: 'app' }
  const inGroup = { StringEquals: forApp, 'ForAnyValue:StringEquals': { [`${name}:groups`]: 'projecta' } }
  const inEngineering = { StringEquals: { ...forApp, 'aws:RequestTag/Department': 'Engineering' } }
  const forService = { StringEquals: { [`${name}:azp`]: 'service' } }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
  const ofProject = 'arn:aws:s3:::${aws:PrincipalTag/Project}'
  const policies = {
    project: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: [ofProject, `${ofProject}/*`] },
    },
  }
  const attachedPolicies = ['arn:aws:iam::aws:policy/AmazonS3FullAccess']
  const tagged = [WEB_IDENTITY, 'sts:TagSession']
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        openIdConnectProviders: [{ Url: issuer, ClientIDList: ['app', 'service'] }],
        roles: [
          { RoleName: 'project', AssumeRolePolicyDocument: trust(tagged, inGroup), attachedPolicies },
          {
            RoleName: 'service',
            AssumeRolePolicyDocument: trust(['sts:AssumeRoleWithClientGrants'], forService),
            attachedPolicies,
          },
          { RoleName: 'tagged', AssumeRolePolicyDocument: trust(tagged, inEngineering), policies },
          { RoleName: 'untagged', AssumeRolePolicyDocument: trust([WEB_IDENTITY], inEngineering), policies },
        ],
      },
    ],
  }
}
