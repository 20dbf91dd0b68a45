import { S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

/** Names as the bootstrap document has them. */
export interface KeyPair {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken?: string
}

export const ACCOUNT = '000000000000'
export const ROOT = { AccessKeyId: 'root-access-key', SecretAccessKey: 'root-secret-key' } as const

const settings = (endpoint: string, { AccessKeyId, SecretAccessKey, SessionToken }: KeyPair) => ({
  endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
  },
})

export const s3Client = (endpoint: string, key: KeyPair): S3Client =>
  new S3Client({ ...settings(endpoint, key), forcePathStyle: true })

/** The ARN that the host sees behind a key; rejects with AWS's code as the error's name. */
export async function whoAmI(endpoint: string, key: KeyPair): Promise<string> {
  const { Arn = '' } = await new STSClient(settings(endpoint, key)).send(new GetCallerIdentityCommand({}))
  return Arn
}

/** Exchanges a token; rejects with AWS's code as the error's name. */
export async function exchange(endpoint: string, token: string, role: string): Promise<Required<KeyPair>> {
  const sts = new STSClient({ endpoint, region: 'us-east-1', maxAttempts: 1 })
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      RoleSessionName: 'test',
      WebIdentityToken: token,
    }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { AccessKeyId, SecretAccessKey, SessionToken }
}

/** A bootstrap document with a root key, a provider of client `app` and a role `full` for S3 that trusts it. */
export function trusting(issuerUrl: string) {
  const name = issuerUrl.replace(/^https?:\/\//, '')
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${name}:aud`]: 'app' } },
    },
  }
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        openIdConnectProviders: [{ Url: issuerUrl, ClientIDList: ['app'] }],
        roles: [
          {
            RoleName: 'full',
            AssumeRolePolicyDocument: trust,
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
          },
          { RoleName: 'nothing', AssumeRolePolicyDocument: trust },
        ],
      },
    ],
  }
}
