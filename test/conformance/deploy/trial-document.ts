import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'

export const ACCOUNT = '000000000000'
/** Where root of the default account may do a task. */
export const MEMBER_ACCOUNT = '111122223333'
export const CLIENT_ID = 'trial-client'
export const SUBJECT = 'trial-user'
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Trial`
/** A role that trusts another subject. */
export const FOREIGN_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Foreign`
/** A role that a later deploy adds. */
export const LATER_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Later`
export const BUCKETS = ['trial-*']
const MISSING_POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/nobody-made-it`

/**
 * A provider, a role that trusts one subject of it and may use S3, and a role that it may not assume. A later deploy may change
 * it: `sound` adds a role, `broken` names a policy that nobody has made.
 */
export function trialDocument(issuer: string, change?: string): BootstrapDocument {
  const provider = issuer.replace(/^https?:\/\//, '')
  const role = (RoleName: string, subject: string) => ({
    RoleName,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}` },
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithClientGrants'],
        Condition: { StringEquals: { [`${provider}:sub`]: subject, [`${provider}:aud`]: CLIENT_ID } },
      },
    },
    policies: {
      buckets: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::trial-*', 'arn:aws:s3:::trial-*/*'] },
      },
      list: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
      },
    },
  })
  return {
    accounts: [
      { id: MEMBER_ACCOUNT },
      {
        id: ACCOUNT,
        openIdConnectProviders: [{ Url: issuer, ClientIDList: [CLIENT_ID] }],
        roles: [
          role('Trial', SUBJECT),
          role('Foreign', 'somebody-else'),
          ...(change === undefined ? [] : [role('Later', SUBJECT)]),
          ...(change === 'broken' ? [{ ...role('Broken', SUBJECT), attachedPolicies: [MISSING_POLICY_ARN] }] : []),
        ],
      },
    ],
  }
}
