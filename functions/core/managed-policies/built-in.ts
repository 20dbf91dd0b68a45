/** A policy that every account can attach and none can change, as `arn:aws:iam::aws:policy/…`. */
export interface BuiltInPolicy {
  readonly name: string
  readonly arn: string
  readonly document: string
}

type Statement = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: readonly string[] }

const allow = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: ['*'] })
const allowS3 = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: ['arn:aws:s3:::*'] })

/** AWS's documents (AWS Managed Policy Reference) and MinIO's (its policy-management page), by name. */
const DOCUMENTS: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow('*')],
  AmazonS3FullAccess: [allow('s3:*', 's3-object-lambda:*')],
  AmazonS3ReadOnlyAccess: [
    allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
  ],
  IAMFullAccess: [allow('iam:*')],
  IAMReadOnlyAccess: [
    allow(
      'iam:GenerateCredentialReport',
      'iam:GenerateServiceLastAccessedDetails',
      'iam:Get*',
      'iam:List*',
      'iam:SimulateCustomPolicy',
      'iam:SimulatePrincipalPolicy',
    ),
  ],
  readonly: [allowS3('s3:GetBucketLocation', 's3:GetObject')],
  readwrite: [allowS3('s3:*')],
  writeonly: [allowS3('s3:PutObject')],
  diagnostics: [
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
  consoleAdmin: [allow('admin:*'), allow('kms:*'), allowS3('s3:*')],
}

/** All built-in policies by ARN. */
export const builtInPolicies: ReadonlyMap<string, BuiltInPolicy> = new Map(
  Object.entries(DOCUMENTS).map(([name, Statement]) => {
    const arn = `arn:aws:iam::aws:policy/${name}`
    return [arn, { name, arn, document: JSON.stringify({ Version: '2012-10-17', Statement }) }]
  }),
)
