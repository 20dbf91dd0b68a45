const ACCOUNT = '000000000000'

export const ROOT = { AccessKeyId: 'clients-root', SecretAccessKey: 'clients-root-secret' } as const
/** A user with a long-term key, who may take the role `files` and no other. */
export const UPLOADER = { AccessKeyId: 'uploader', SecretAccessKey: 'uploader-secret-key' } as const
/** A bucket of the account in which nobody but the root has rights. */
export const CLOSED = 'closed'
/** A bucket in which everybody here has rights whom a policy or a role is given. */
export const OPEN = 'open'
/** The client that tokens are for. */
export const AUDIENCE = 'app'

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/**
 * A bootstrap document: whoever may use S3 here has the buckets `open…` alone. The role `files` is for the user and for the
 * issuer's subject `alice`, the role `others` for the subject `bob`; `policy` is one that a token may name itself.
 */
export function trusting(issuer: string) {
  const name = issuer.replace(/^https?:\/\//, '')
  const webIdentity = (subject: string) => ({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${name}:aud`]: AUDIENCE, [`${name}:sub`]: subject } },
  })
  const trust = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
  const user = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/uploader` },
    Action: 'sts:AssumeRole',
  }
  const open = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::open*', 'arn:aws:s3:::open*/*'] },
  }
  const attachedPolicies = [`arn:aws:iam::${ACCOUNT}:policy/open`]
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        openIdConnectProviders: [{ Url: issuer, ClientIDList: [AUDIENCE] }],
        policies: [{ PolicyName: 'open', PolicyDocument: open }],
        users: [{ UserName: 'uploader', accessKeys: [UPLOADER], attachedPolicies }],
        roles: [
          { RoleName: 'files', AssumeRolePolicyDocument: trust(user, webIdentity('alice')), attachedPolicies },
          { RoleName: 'others', AssumeRolePolicyDocument: trust(webIdentity('bob')), attachedPolicies },
        ],
      },
    ],
  }
}

/** Variables that make a token's claim `policy` worth a session without a role. */
export const claims = (issuer: string) => ({
  MINIO_IDENTITY_OPENID_CONFIG_URL: `${issuer}/.well-known/openid-configuration`,
  MINIO_IDENTITY_OPENID_CLIENT_ID: AUDIENCE,
})
