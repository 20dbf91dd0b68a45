import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { roleArn } from '@daypass/core/arn.ts'
import { applyBootstrap, type BootstrapDeps } from '@daypass/core/bootstrap/apply.ts'
import { withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import { DEMO_CLIENT, DEMO_USER } from './issuer.ts'
import { logIn } from './login.ts'
import { pinnedAgent } from './pinned-agent.ts'

const DEMO_ROLE = 'demo'
const DEMO_BUCKET = 'demo-bucket'

export interface DemoResult {
  /** The one that the demo works in. */
  readonly bucket: string
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

interface Journey {
  readonly endpoint: string
  readonly issuer: string
  readonly account: string
  /** Path of the PEM certificate that the endpoint shows, when it speaks TLS. */
  readonly certificate?: string
}

/**
 * The main job, over HTTP and with unmodified AWS SDKs: log in at the provider, exchange the id_token for credentials,
 * make a bucket with them and list what they open.
 */
export async function runJourney({ endpoint, issuer, account, certificate }: Journey): Promise<DemoResult> {
  const token = await logIn(issuer)
  const client = {
    endpoint,
    region: 'us-east-1',
    ...(certificate === undefined ? {} : { requestHandler: { httpsAgent: pinnedAgent(certificate) } }),
  }
  const { Credentials } = await new STSClient(client).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn(account, '/', DEMO_ROLE),
      RoleSessionName: DEMO_USER.name,
      WebIdentityToken: token,
    }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  const s3 = new S3Client({ ...client, forcePathStyle: true, credentials })
  const bucket = await ensureBucket(s3)
  return {
    bucket,
    buckets: await listBuckets(s3),
    credentials: { AccessKeyId, SecretAccessKey, SessionToken, Expiration: Expiration?.toISOString() ?? '' },
  }
}

/** The bucket of an earlier start, or a new one. Names are global, in AWS's own S3 across the world: the plain one may be taken. */
async function ensureBucket(s3: S3Client): Promise<string> {
  const existing = (await listBuckets(s3)).find((name) => name.startsWith(DEMO_BUCKET))
  if (existing !== undefined) return existing
  try {
    await s3.send(new CreateBucketCommand({ Bucket: DEMO_BUCKET }))
    return DEMO_BUCKET
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BucketAlreadyExists') throw error
    const Bucket = `${DEMO_BUCKET}-${randomBytes(6).toString('hex')}`
    await s3.send(new CreateBucketCommand({ Bucket }))
    return Bucket
  }
}

async function listBuckets(s3: S3Client): Promise<string[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
  return Buckets.map(({ Name = '' }) => Name)
}
