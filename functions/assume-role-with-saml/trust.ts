import { decideFederatedTrust } from '@daypass/core/authorization/federated-trust.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import type { SamlIdentity } from '@daypass/core/identity/saml/saml-identity.ts'
import { mapContext } from '@daypass/core/policy/context.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'
import type { SamlProvider } from '@daypass/core/store/entities/saml-provider.ts'

/**
 * Whether an identity may take a role: the assertion names role and provider together, both are of one account, and the
 * role's trust policy says so. Answers the role. Throws AccessDenied, in the same words for whatever is missing.
 */
export function mayTakeRole(
  role: Role | undefined,
  provider: SamlProvider,
  identity: SamlIdentity,
  exchange: Exchange,
): Role {
  if (!role) throw denied('there is no such role')
  if (role.account !== provider.account) throw denied('role and provider are in different accounts')
  const named = identity.roles.some(({ roleArn, providerArn }) => roleArn === role.arn && providerArn === provider.arn)
  if (!named) throw denied('the assertion does not name the role with the provider')
  const { tags, transitiveTagKeys, sourceIdentity, roleSessionName } = identity
  const decision = decideFederatedTrust({
    action: 'AssumeRoleWithSAML',
    role,
    providerArn: provider.arn,
    identityKeys: mapContext(new Map([...identity.keys].map(([key, values]) => [`saml:${key}`, values]))),
    roleSessionName,
    exchange,
    tags,
    transitiveTagKeys,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  })
  if (decision.outcome !== 'allow') throw denied(decision.outcome)
  return role
}

const denied = (reason: string) =>
  new StsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML', { detail: { reason } })
