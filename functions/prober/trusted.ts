import type { BootstrapAccount } from '@daypass/core/bootstrap/document.ts'

/** An account of its own, in which there is nothing: whoever had the prober's key could do nothing with it. */
export const PROBER_ACCOUNT = 'daypass-prober'
export const AUDIENCE = 'daypass-prober'
export const SUBJECT = 'the-prober'
const ROLE = 'nothing'
export const ROLE_ARN = `arn:aws:iam::${PROBER_ACCOUNT}:role/${ROLE}`

/** What the control exchange needs to be granted, so that each refusal of another is due to the one flaw that it has. */
export function proberAccount(issuer: string): BootstrapAccount {
  const provider = issuer.replace(/^https?:\/\//, '')
  return {
    id: PROBER_ACCOUNT,
    openIdConnectProviders: [{ Url: issuer, ClientIDList: [AUDIENCE] }],
    roles: [
      {
        RoleName: ROLE,
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${PROBER_ACCOUNT}:oidc-provider/${provider}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: { StringEquals: { [`${provider}:sub`]: SUBJECT } },
          },
        },
      },
    ],
  }
}
