type Statement = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: string }

const ROOT = 'arn:aws:iam::*:root'
const LOOKS_AT_CREDENTIALS = [
  'iam:ListAccessKeys',
  'iam:ListSigningCertificates',
  'iam:GetLoginProfile',
  'iam:ListMFADevices',
  'iam:GetUser',
  'iam:GetAccessKeyLastUsed',
]

const allow = (Resource: string, ...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource })

/**
 * What each task may do, by name (IAM User Guide, "AWS managed policies for IAM": AWS writes them as Deny of everything
 * else; within root's rights these Allows come to the same).
 */
const TASKS: Readonly<Record<string, readonly Statement[]>> = {
  IAMAuditRootUserCredentials: [allow(ROOT, ...LOOKS_AT_CREDENTIALS), allow('*', 'iam:GetAccountSummary')],
  IAMCreateRootUserPassword: [allow(ROOT, 'iam:CreateLoginProfile', 'iam:GetLoginProfile')],
  IAMDeleteRootUserCredentials: [
    allow(
      ROOT,
      ...LOOKS_AT_CREDENTIALS,
      'iam:DeleteAccessKey',
      'iam:DeleteSigningCertificate',
      'iam:DeleteLoginProfile',
      'iam:DeactivateMFADevice',
    ),
  ],
  S3UnlockBucketPolicy: [
    allow('*', 's3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:ListAllMyBuckets'),
  ],
  SQSUnlockQueuePolicy: [
    allow('*', 'sqs:SetQueueAttributes', 'sqs:GetQueueAttributes', 'sqs:ListQueues', 'sqs:GetQueueUrl'),
  ],
}

/** The policies of AssumeRoot's tasks, by ARN. They cannot be attached to anything. */
export const taskPolicies: ReadonlyMap<string, string> = new Map(
  Object.entries(TASKS).map(([name, Statement]) => [
    `arn:aws:iam::aws:policy/root-task/${name}`,
    JSON.stringify({ Version: '2012-10-17', Statement }),
  ]),
)
