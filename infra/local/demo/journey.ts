import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { roleArn } from '@daypass/core/arn.ts'
import { applyBootstrap, type BootstrapDeps } from '@daypass/core/bootstrap/apply.ts'
import { withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import { DEMO_CLIENT, DEMO_USER } from './issuer.ts'
import { logIn } from './login.ts'

export const DEMO_ROLE = 'demo'
export const DEMO_BUCKET = 'demo-bucket'

export interface DemoResult {
  readonly buckets: readonly string[]
  readonly credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: string
  }
}

/** Registers the embedded provider and a role that trusts its demo user, through the same checks as a bootstrap document. */
export async function registerDemo(deps: BootstrapDeps, account: string, issuer: string): Promise<void> {
  const name = withoutScheme(issuer)
  await applyBootstrap(deps, {
    accounts: [
      {
        id: account,
        openIdConnectProviders: [{ Url: issuer, ClientIDList: [DEMO_CLIENT.id] }],
        roles: [
          {
            RoleName: DEMO_ROLE,
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${name}` },
                Action: 'sts:AssumeRoleWithWebIdentity',
                Condition: { StringEquals: { [`${name}:aud`]: DEMO_CLIENT.id, [`${name}:sub`]: DEMO_USER.name } },
              },
            },
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
          },
        ],
      },
    ],
  })
}

/**
 * The main job, over HTTP and with unmodified AWS SDKs: log in at the provider, exchange the id_token for credentials,
 * make a bucket with them and list what they open.
 */
export async function runJourney(endpoint: string, issuer: string, account: string): Promise<DemoResult> {
  const token = await logIn(issuer)
  const sts = new STSClient({ endpoint, region: 'us-east-1' })
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn(account, '/', DEMO_ROLE),
      RoleSessionName: DEMO_USER.name,
      WebIdentityToken: token,
    }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  await s3.send(new CreateBucketCommand({ Bucket: DEMO_BUCKET }))
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
  return {
    buckets: Buckets.map(({ Name = '' }) => Name),
    credentials: { AccessKeyId, SecretAccessKey, SessionToken, Expiration: Expiration?.toISOString() ?? '' },
  }
}
