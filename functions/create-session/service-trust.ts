import { requestContextKeys } from '@daypass/core/authorization/request-context.ts'
import { parsePolicyCached } from '@daypass/core/policy/cache.ts'
import { mapContext } from '@daypass/core/policy/context.ts'
import { decide, type Outcome } from '@daypass/core/policy/decide.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import { certificateKeys, type TrustQuestion } from '../assume-role-with-certificate/provider-trust.ts'
import type { CertificateTags } from './certificate-tags.ts'

const SERVICE = { type: 'Service', service: 'rolesanywhere.amazonaws.com' } as const
/** All three must be allowed (IAM Roles Anywhere User Guide, "Trust model"). */
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

/**
 * Whether the role trusts Roles Anywhere itself, in the way that AWS documents: principal rolesanywhere.amazonaws.com, with
 * conditions on `aws:SourceArn` (the trust anchor) and on the certificate's tags. Answers the first refusal.
 */
export function decideServiceTrust(
  { role, identity, roleSessionName, exchange }: TrustQuestion,
  { tags, sourceIdentity }: CertificateTags,
  trustAnchorArn: string,
): Outcome {
  const context = mapContext(
    new Map<string, readonly string[]>([
      ...requestContextKeys(exchange.request, exchange.startedAt),
      ['sts:RoleSessionName', [roleSessionName]],
      ['sts:SourceIdentity', [sourceIdentity]],
      ['aws:SourceArn', [trustAnchorArn]],
      ['aws:SourceAccount', [identity.source.account]],
      ['aws:TagKeys', tags.map(({ key }) => key)],
      ...tags.map(({ key, values }) => [`aws:RequestTag/${key}`, values] as const),
      ...tags.map(({ key, values }) => [`aws:PrincipalTag/${key}`, values] as const),
      ...role.tags.map(({ key, values }) => [`aws:ResourceTag/${key}`, values] as const),
      ...certificateKeys(identity),
    ]),
  )
  const policy = parsePolicyCached(role.trustPolicy, { kind: 'trust', dialect: dialectOf(role.account) })
  const policies = { identity: [], resource: { name: `trust policy of ${role.arn}`, policy } }
  const ask = (action: string) =>
    decide({ principal: SERVICE, action, resource: role.arn, resourceAccount: role.account, context }, policies).outcome
  return ACTIONS.map(ask).find((outcome) => outcome !== 'allow') ?? 'allow'
}
