import { oidcProviderArn } from '../arn.ts'
import type { Role } from '../store/entities/role.ts'
import type { Session } from '../store/entities/session.ts'

/**
 * Condition keys of a role session (IAM User Guide, "AWS global condition context keys"): `aws:PrincipalArn` is the role's
 * ARN; a session tag hides the role's tag of the same name, without regard to case; of an OpenID token `sub`, `aud` and
 * `azp` stay usable.
 */
export function sessionContextKeys(
  session: Session,
  role: Role,
  userId: string,
): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>([
    ['aws:PrincipalArn', [role.arn]],
    ['aws:PrincipalAccount', [session.account]],
    ['aws:PrincipalType', ['AssumedRole']],
    ['aws:userid', [userId]],
    ['aws:TokenIssueTime', [new Date(Math.floor(session.issuedAt / 1000) * 1000).toISOString().replace('.000Z', 'Z')]],
  ])
  if (session.sourceIdentity !== undefined) keys.set('aws:SourceIdentity', [session.sourceIdentity])
  if (session.provider !== undefined) {
    keys.set('aws:FederatedProvider', [oidcProviderArn(session.account, session.provider)])
    for (const [claim, values] of Object.entries(session.claims)) keys.set(`${session.provider}:${claim}`, values)
  }
  const sessionTags = new Set(session.tags.map(({ key }) => key.toLowerCase()))
  for (const { key, values } of role.tags) {
    if (!sessionTags.has(key.toLowerCase())) keys.set(`aws:PrincipalTag/${key}`, values)
  }
  for (const { key, values } of session.tags) {
    keys.set(`aws:PrincipalTag/${key}`, [...(keys.get(`aws:PrincipalTag/${key}`) ?? []), ...values])
  }
  return keys
}
