import { decideFederatedTrust, type FederatedTrustRequest } from '@daypass/core/authorization/federated-trust.ts'
import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { WebIdentity } from '@daypass/core/identity/web-identity.ts'
import type { Decision } from '@daypass/core/policy/decide.ts'

/** What an OpenID identity asks of a role. */
export interface TrustRequest extends Omit<FederatedTrustRequest, 'providerArn' | 'identityKeys'> {
  readonly identity: WebIdentity
}

/** Asks the role's trust policy about an OpenID identity, whose claims it knows as `<issuer>:<claim>`. */
export function decideTrust({ identity, ...request }: TrustRequest): Decision {
  const { providerArn, providerName, claims } = identity
  return decideFederatedTrust({ ...request, providerArn, identityKeys: claimsContext(providerName, claims) })
}
