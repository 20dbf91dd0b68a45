/** The account, the role and the provider that the recipe's realm names in its assertions. */
const ACCOUNT = '123456789012'
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/saml-reader`
export const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/keycloak`
export const UNTAGGED_ROLE = `arn:aws:iam::${ACCOUNT}:role/untagged`
export const ROOT = { AWS_ACCESS_KEY_ID: 'saml-root', AWS_SECRET_ACCESS_KEY: 'saml-root-secret' } as const

const trust = (Action: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action,
    Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
  },
})

/** A bootstrap document: a role for whoever Keycloak asserts it of. The provider is registered by the AWS CLI. */
export const bootstrap = {
  accounts: [
    {
      id: ACCOUNT,
      rootAccessKey: { AccessKeyId: ROOT.AWS_ACCESS_KEY_ID, SecretAccessKey: ROOT.AWS_SECRET_ACCESS_KEY },
      roles: [
        {
          RoleName: 'saml-reader',
          AssumeRolePolicyDocument: trust(['sts:AssumeRoleWithSAML', 'sts:TagSession']),
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
        { RoleName: 'untagged', AssumeRolePolicyDocument: trust(['sts:AssumeRoleWithSAML']) },
      ],
    },
  ],
}
