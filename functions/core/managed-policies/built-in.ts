/** A policy that every account can attach and none can change, as `arn:aws:iam::aws:policy/…`. */
export interface BuiltInPolicy {
  readonly name: string
  readonly arn: string
  /** `ANPA…`; of AWS's policies AWS's own. */
  readonly policyId: string
  readonly description: string
  /** Its only version. */
  readonly versionId: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly document: string
}

type Statement = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: readonly string[] }

interface Described {
  readonly policyId: string
  readonly description: string
  /** Version, and the instants of creation and of the last change. */
  readonly version?: readonly [versionId: string, createdAt: string, updatedAt: string]
  readonly statements: readonly Statement[]
}

const allow = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: ['*'] })
const allowS3 = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: ['arn:aws:s3:::*'] })

/** AWS's documents (AWS Managed Policy Reference) and MinIO's (its policy-management page), by name. */
const POLICIES: Readonly<Record<string, Described>> = {
  AdministratorAccess: {
    policyId: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    version: ['v1', '2015-02-06T18:39:46Z', '2015-02-06T18:39:46Z'],
    statements: [allow('*')],
  },
  AmazonS3FullAccess: {
    policyId: 'ANPAIFIR6V6BVTRAHWINE',
    description: 'Provides full access to all buckets via the AWS Management Console.',
    version: ['v2', '2015-02-06T18:40:58Z', '2021-09-27T20:16:37Z'],
    statements: [allow('s3:*', 's3-object-lambda:*')],
  },
  AmazonS3ReadOnlyAccess: {
    policyId: 'ANPAIZTJ4DXE7G6AGAE6M',
    description: 'Provides read only access to all buckets via the AWS Management Console.',
    version: ['v3', '2015-02-06T18:40:59Z', '2023-08-10T21:31:39Z'],
    statements: [allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*')],
  },
  IAMFullAccess: {
    policyId: 'ANPAI7XKCFMBPM3QQRRVQ',
    description: 'Provides full access to IAM via the AWS Management Console.',
    version: ['v2', '2015-02-06T18:40:38Z', '2019-06-21T19:40:00Z'],
    statements: [allow('iam:*')],
  },
  IAMReadOnlyAccess: {
    policyId: 'ANPAJKSO7NDY4T57MWDSQ',
    description: 'Provides read only access to IAM via the AWS Management Console.',
    version: ['v4', '2015-02-06T18:40:39Z', '2018-01-25T19:11:27Z'],
    statements: [
      allow(
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ),
    ],
  },
  readonly: {
    policyId: 'ANPAMINIOREADONLY2222',
    description: 'Allows to read objects whose names are known.',
    statements: [allowS3('s3:GetBucketLocation', 's3:GetObject')],
  },
  readwrite: {
    policyId: 'ANPAMINIOREADWRITE222',
    description: 'Allows everything in S3.',
    statements: [allowS3('s3:*')],
  },
  writeonly: {
    policyId: 'ANPAMINIOWRITEONLY222',
    description: 'Allows to put objects.',
    statements: [allowS3('s3:PutObject')],
  },
  diagnostics: {
    policyId: 'ANPAMINIODIAGNOSTICS2',
    description: 'Allows to look into the server.',
    statements: [
      allowS3(
        'admin:ServerTrace',
        'admin:Profiling',
        'admin:ConsoleLog',
        'admin:ServerInfo',
        'admin:TopLocksInfo',
        'admin:OBDInfo',
        'admin:BandwidthMonitor',
        'admin:Prometheus',
      ),
    ],
  },
  consoleAdmin: {
    policyId: 'ANPAMINIOCONSOLEADMIN',
    description: 'Allows everything that the console does.',
    statements: [allow('admin:*'), allow('kms:*'), allowS3('s3:*')],
  },
}

const MINIO_VERSION = ['v1', '2015-02-06T18:39:46Z', '2015-02-06T18:39:46Z'] as const

/** All built-in policies by ARN, in the order of their names. */
export const builtInPolicies: ReadonlyMap<string, BuiltInPolicy> = new Map(
  Object.entries(POLICIES).map(([name, { policyId, description, version = MINIO_VERSION, statements }]) => {
    const arn = `arn:aws:iam::aws:policy/${name}`
    const [versionId, createdAt, updatedAt] = version
    const policy = {
      name,
      arn,
      policyId,
      description,
      versionId,
      createdAt: Date.parse(createdAt) / 1000,
      updatedAt: Date.parse(updatedAt) / 1000,
      document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }
    return [arn, policy]
  }),
)
